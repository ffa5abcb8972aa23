// A connected descriptor as one of Bun's own sockets, which its event loop waits for.

import type { Socket, SocketHandler, UnixSocketOptions } from 'bun'

/** Bun.connect takes a connected descriptor too; its types do not say so yet (1.4.5). */
interface ConnectedOptions {
  readonly fd: number
  readonly socket: SocketHandler<undefined>
}

/** Takes the descriptor over: the socket closes it. */
export function connectedSocket(fd: number, handler: SocketHandler<undefined>): Promise<Socket<undefined>> {
  const options: ConnectedOptions = { fd, socket: handler }
  return Bun.connect(options as unknown as UnixSocketOptions<undefined>)
}
