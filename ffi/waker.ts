// Waits for a BPF ring beside Bun's own loop, which waits for sockets alone (native/waker.c).

import { dlopen, FFIType } from 'bun:ffi'
import wakerFile from '../dist/native/waker.so' with { type: 'file' }
import { type ConnectedSocket, connectedSocket } from './connected-socket.ts'
import { SystemError } from './libc.ts'
import { libraryPaths } from './shared-library.ts'

/** Calls back when the ring's programs wake its reader, until the socket is closed. Throws SystemError. */
export async function onWaking(
  ring: number,
  woken: () => void,
  closed: () => void,
): Promise<ConnectedSocket> {
  const [path = ''] = libraryPaths([wakerFile])
  // int acg_wake(int ring)
  const { symbols } = dlopen(path, { acg_wake: { args: [FFIType.i32], returns: FFIType.i32 } })
  const socket = symbols.acg_wake(ring)
  if (socket < 0) throw new SystemError('acg_wake', -socket)
  return await connectedSocket(socket, { data: woken, close: closed })
}
