// The host's side of --host-port: connections that arrive on a unix socket go to one loopback port.

import type { Server } from 'node:net'

/** Listens on `socketPath`, which must not be there. Each connection is joined to 127.0.0.1:port. */
export async function serveHostPort(port: number, socketPath: string): Promise<Server> {
  // Slow to load, and seldom needed.
  const { connect, createServer } = await import('node:net')
  const server = createServer({ allowHalfOpen: true }, (inside) => {
    const outside = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    // Either side's failure is the other side's end; the program inside sees what it would see on the host.
    inside.on('error', () => outside.destroy())
    outside.on('error', () => inside.destroy())
    inside.pipe(outside).pipe(inside)
  })
  return new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(socketPath, () => resolve(server))
  })
}
