// Where the leader listens: a Unix socket that only the user can open.

import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { Leader, type Orders } from './leader.ts'
import { Lines, parseReport, toLine } from './messages.ts'

/** Longer than a member takes to find the next leader. */
const GRACE_MS = 250

export class Council implements Disposable {
  readonly #leader = new Leader(performance.now(), GRACE_MS)
  readonly #sockets = new Map<string, Socket>()
  readonly #server: Server

  private constructor(path: string) {
    rmSync(path, { force: true })
    this.#server = createServer((socket) => this.#serve(socket))
    this.#server.listen(path, () => chmodSync(path, 0o600))
    this.#server.unref()
  }

  /** Resolves when members can connect. Rejects with the file system's error. */
  static async open(path: string): Promise<Council> {
    const council = new Council(path)
    await new Promise<void>((resolve, reject) => {
      council.#server.once('listening', resolve).once('error', reject)
    })
    return council
  }

  #serve(socket: Socket): void {
    const lines = new Lines()
    let run: string | null = null
    socket.unref()
    socket.setEncoding('utf8')
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: string) => {
      for (const line of lines.take(chunk) ?? ['']) {
        const report = parseReport(line)
        const isNew = report !== null && run === null && !this.#sockets.has(report.run)
        if (report === null || (report.run !== run && !isNew)) {
          socket.destroy()
          return
        }
        run = report.run
        this.#sockets.set(run, socket)
        this.#send(this.#leader.hear(report, performance.now()))
      }
    })
    socket.on('close', () => {
      if (run === null) return
      this.#sockets.delete(run)
      this.#send(this.#leader.leave(run, performance.now()))
    })
  }

  #send(orders: Orders): void {
    for (const [run, order] of orders) this.#sockets.get(run)?.write(toLine(order))
  }

  /** Members see it go, and elect the next. */
  [Symbol.dispose](): void {
    this.#server.close()
    for (const socket of this.#sockets.values()) socket.destroy()
  }
}
