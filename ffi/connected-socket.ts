// A connected descriptor as one of Bun's own sockets, which its event loop waits for.

import type { Socket, SocketHandler, UnixSocketOptions } from 'bun'

export type ConnectedSocket = Socket<undefined>

/** Bun.connect takes a connected descriptor too; its types do not say so yet (1.4.5). */
interface ConnectedOptions {
  readonly fd: number
  readonly socket: SocketHandler<undefined>
}

/** Takes the descriptor over: the socket closes it. What comes at once is handled before there is a socket. */
export function connectedSocket(fd: number, handler: SocketHandler<undefined>): Promise<ConnectedSocket> {
  const options: ConnectedOptions = { fd, socket: handler }
  return Bun.connect(options as unknown as UnixSocketOptions<undefined>)
}
