// A run's seat in its user's pool: it tells the leader what it needs, and is given a lease. Where nobody leads it stands
// for election. Without a leader it keeps the lease that it has.

import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { AcgError } from '../errors.ts'
import { type Need, NO_NEED } from '../policy/need.ts'
import type { Priority } from '../policy/observation.ts'
import { Council } from './council.ts'
import { Leadership } from './election.ts'
import { Lines, type Order, parseOrder, toLine } from './messages.ts'

const RETRY_MS = 20
const JOINS_WITHIN_MS = 10_000
const REPORT_EVERY_MS = { busy: 25, idle: 500 } as const
/** An answer that takes longer is not waited for. */
const ANSWERS_WITHIN_MS = 500
/** Less than this is no news: a call has many times as much ahead of it. */
const MOVES_BYTES = 4 << 20
/** Of the kernel's sockaddr_un, without its last byte. */
const LONGEST_PATH = 107

export interface Joining {
  readonly folder: string
  readonly run: string
  readonly priority: Priority
  /** What all runs may hold together. */
  readonly poolBytes: number
}

/** What a run says of itself. */
export interface Standing {
  readonly agentBytes: number
  readonly need: Need
  /** What it keeps to by now. */
  readonly carriedOut: Order
}

export class Seat implements Disposable {
  #order: Order | null = null
  #ofThisLeader = new WeakSet<Order>()
  #heardMs = performance.now()
  #socket: Socket | null = null
  #leadership: Leadership | null = null
  #council: Council | null = null
  #isLeft = false
  #last: { standing: Standing; atMs: number } | null = null
  #heard: () => void = () => {}
  #isAnswered = true
  /** Of this connection. */
  #isFirstReport = true

  private constructor(
    private readonly joining: Joining,
    private readonly path: string,
  ) {}

  /** Resolves with the first lease. Throws AcgError where there is nobody to be had who leads. */
  static async take(joining: Joining): Promise<Seat> {
    const path = join(joining.folder, 'socket')
    if (Buffer.byteLength(path) > LONGEST_PATH)
      throw cannotJoin(`${path} is longer than the ${LONGEST_PATH} bytes that a socket’s path may have`)
    const seat = new Seat(joining, path)
    const untilMs = performance.now() + JOINS_WITHIN_MS
    try {
      await seat.#connect()
      while (seat.#order === null) {
        if (performance.now() > untilMs) throw cannotJoin(`nobody answers at ${path}`)
        await Bun.sleep(1)
      }
      return seat
    } catch (error) {
      seat[Symbol.dispose]()
      throw error instanceof AcgError ? error : cannotJoin((error as Error).message)
    }
  }

  /** The last that was given: to be kept to, and said to be with the next `tell`. */
  get order(): Order {
    return this.#order as Order
  }

  /** `heard` is called with each order that comes. */
  listen(heard: () => void): void {
    this.#heard = heard
  }

  /** For so long nothing has been heard of any leader. */
  get silentMs(): number {
    return performance.now() - this.#heardMs
  }

  tell(standing: Standing): void {
    if (this.#socket === null || !this.#isDue(standing)) return
    const { run, priority, poolBytes } = this.joining
    const { agentBytes, need, carriedOut } = standing
    const isOfThisLeader = this.#ofThisLeader.has(carriedOut)
    const heard = isOfThisLeader ? carriedOut.number : 0
    // What another leader gave may be carried out yet.
    const leaseBytes = Math.max(carriedOut.leaseBytes, isOfThisLeader ? 0 : (this.#order?.leaseBytes ?? 0))
    const report = { run, priority, poolBytes, agentBytes, need, heard, leaseBytes }
    this.#socket.write(toLine(report))
    this.#last = { standing, atMs: performance.now() }
    this.#isAnswered = false
    this.#isFirstReport = false
  }

  #isDue({ agentBytes, need, carriedOut }: Standing): boolean {
    if (this.#last === null || this.#isFirstReport) return true
    const { standing, atMs } = this.#last
    const passedMs = performance.now() - atMs
    const isNews =
      need.isGrowing !== standing.need.isGrowing ||
      need.isShort !== standing.need.isShort ||
      need.isParked !== standing.need.isParked ||
      carriedOut.leaseBytes !== standing.carriedOut.leaseBytes
    if (isNews) return true
    if (!this.#isAnswered) return passedMs >= ANSWERS_WITHIN_MS
    const moved = Math.abs(agentBytes + need.heldBytes - standing.agentBytes - standing.need.heldBytes)
    // Who is short stands still.
    const isBusy = moved >= MOVES_BYTES || (need.isGrowing && !need.isShort)
    return passedMs >= REPORT_EVERY_MS[isBusy ? 'busy' : 'idle']
  }

  async #connect(): Promise<void> {
    this.#leadership ??= Leadership.seize(this.joining.folder)
    if (this.#leadership) this.#council ??= await Council.open(this.path)
    const socket = connect(this.path)
    const lines = new Lines()
    socket.setEncoding('utf8')
    socket.unref()
    socket.on('connect', () => {
      this.#socket = socket
      this.#isFirstReport = true
      this.#ofThisLeader = new WeakSet()
      this.tell(this.#last?.standing ?? NEWCOMER)
    })
    socket.on('data', (chunk: string) => {
      for (const line of lines.take(chunk) ?? ['']) this.#hear(socket, parseOrder(line))
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = null
      if (!this.#isLeft) this.#connectAgain()
    })
  }

  #connectAgain(): void {
    const again = () => {
      if (!this.#isLeft) this.#connect().catch(() => this.#connectAgain())
    }
    setTimeout(again, RETRY_MS).unref()
  }

  #hear(socket: Socket, order: Order | null): void {
    if (order === null) {
      socket.destroy()
      return
    }
    this.#order = order
    this.#ofThisLeader.add(order)
    this.#heardMs = performance.now()
    this.#isAnswered = true
    this.#heard()
  }

  [Symbol.dispose](): void {
    if (this.#isLeft) return
    this.#isLeft = true
    this.#socket?.destroy()
    this.#council?.[Symbol.dispose]()
    this.#leadership?.[Symbol.dispose]()
  }
}

const NOTHING: Order = { number: 0, leaseBytes: 0, mostBytes: 0, isHelpComing: true }
const NEWCOMER: Standing = { agentBytes: 0, need: NO_NEED, carriedOut: NOTHING }

function cannotJoin(seen: string): AcgError {
  return new AcgError({
    what: 'cannot share memory with your other runs',
    seen,
    hint: 'remove [pool] from your config.toml to run without, or set XDG_CACHE_HOME to a short path',
  })
}
