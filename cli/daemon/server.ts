// The daemon's loop: who connects, what is asked, who has gone. One thread, and no wait but for the next event: a
// client that does not read his answer loses his connection.

import { closeSync } from 'node:fs'
import {
  accept,
  Epoll,
  EpollSet,
  Errno,
  peerOf,
  receiveWithDescriptors,
  SystemError,
  sendWithDescriptors,
} from '../../ffi/mod.ts'
import { Connection, closeAll } from './connection.ts'
import type { Programs } from './programs.ts'
import { encodeAnswer, REQUEST_BYTES } from './protocol.ts'
import { MOST_CONNECTIONS, Shares } from './quotas.ts'

interface Client {
  readonly uid: number
  readonly connection: Connection
}

export class Server {
  readonly #set = new EpollSet()
  readonly #clients = new Map<number, Client>()
  readonly #shares = new Shares()

  constructor(
    private readonly listener: number,
    private readonly programs: Programs,
    private readonly log: (line: string) => void,
  ) {
    this.#set.add(listener, Epoll.IN)
  }

  /** Serves until nobody has been connected for `idleMs` after the programs have gone; for ever where that is null. */
  run(idleMs: number | null): void {
    for (;;) {
      // It takes long: everybody who waits is served before.
      if (this.programs.isNextDue) {
        if (!this.#serve(0)) this.programs.prepareNext()
        continue
      }
      const { keptForMs } = this.programs
      const isAlone = this.#clients.size === 0
      const mostMs = keptForMs ?? (isAlone ? idleMs : null)
      const hasHappened = this.#serve(mostMs ?? -1)
      // Whoever is connected meanwhile and has no run, keeps nothing.
      if (this.programs.keptForMs === 0) this.programs.forget()
      else if (keptForMs === null && mostMs !== null && !hasHappened) return
    }
  }

  /** Whether anything happened within `mostMs`; without a limit where that is -1. */
  #serve(mostMs: number): boolean {
    let hasHappened = false
    this.#set.wait((fd) => {
      hasHappened = true
      if (fd === this.listener) this.#accept()
      else this.#receive(fd)
    }, mostMs)
    return hasHappened
  }

  #accept(): void {
    const socket = accept(this.listener)
    const { uid } = peerOf(socket)
    if (this.#clients.size >= MOST_CONNECTIONS || !this.#shares.take(uid)) {
      this.#send(socket, encodeAnswer('too many'), [])
      closeSync(socket)
      return
    }
    this.#clients.set(socket, { uid, connection: new Connection(uid, this.programs, this.log) })
    this.#set.add(socket, Epoll.IN)
  }

  #receive(socket: number): void {
    const client = this.#clients.get(socket)
    if (!client) return
    const message = this.#read(socket)
    if (message === 'none yet') return
    if (message === 'end') {
      this.#close(socket, client)
      return
    }
    try {
      const { outcome, descriptors } = client.connection.handle(message.bytes, message.descriptors)
      if (!this.#send(socket, encodeAnswer(outcome), descriptors)) this.#close(socket, client)
    } finally {
      closeAll(message.descriptors)
    }
  }

  /** One byte more than a request has: what is longer is told by that, and never taken for one. */
  #read(socket: number): ReturnType<typeof receiveWithDescriptors> | 'none yet' | 'end' {
    try {
      const message = receiveWithDescriptors(socket, REQUEST_BYTES + 1, { wait: false })
      if (message.bytes.length > 0 || message.descriptors.length > 0) return message
      return 'end'
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      return error.errno === Errno.EAGAIN ? 'none yet' : 'end'
    }
  }

  #send(socket: number, answer: Buffer, descriptors: readonly number[]): boolean {
    try {
      sendWithDescriptors(socket, answer, descriptors, { wait: false })
      return true
    } catch (error) {
      if (error instanceof SystemError) return false
      throw error
    }
  }

  #close(socket: number, { uid, connection }: Client): void {
    this.#clients.delete(socket)
    closeSync(socket)
    connection[Symbol.dispose]()
    this.#shares.giveBack(uid)
  }
}
