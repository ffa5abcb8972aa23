// The thread that reads a run's ring. It needs the ring's descriptor and no privilege.
//
// The programs wake it for what matters at once; the rest it finds there when it looks (bpf/exec.bpf.c says which
// is which). After anything has come it looks again within LOOK_AGAIN_MS. If nothing has come by then, the next
// event of any kind wakes it, and it waits without a limit but for IDLE_LOOK_MS, which covers an event that was
// written just as the programs and the reader each thought the other would act.

import { readSync } from 'node:fs'
import { acg_losses } from '../../../bpf/acg.gen.ts'
import { Clock, clockNs, Epoll, EpollSet } from '../../../ffi/mod.ts'
import { Mapping, PAGE_BYTES, RingReader, takeShortTurns } from '../../../ffi/ring.ts'
import type { LossEvent, ProcessEvent } from '../process-event.ts'
import { decode } from './decode.ts'
import { procTable } from './process-table.ts'
import { Roll } from './roll.ts'

/** More than RIDE_ALONG_NS of bpf/exec.bpf.c. */
const LOOK_AGAIN_MS = 25
const IDLE_LOOK_MS = 1000
/** While events are being lost, or somebody lives whom the ring does not name, /proc is not searched more often. */
const CALL_ROLL_EVERY_NS = 50e6
/** How often it is looked whether who is taken for living does live. */
const LOOK_FOR_ENDS_EVERY_NS = 1e9

/** Descriptors stay the main thread's. */
export interface ReaderStart {
  readonly ring: number
  readonly ringBytes: number
  readonly losses: number
  readonly wake: number
  readonly runStartNs: number
}

export type ReaderMessage =
  | { readonly kind: 'events'; readonly events: (ProcessEvent | LossEvent)[] }
  | { readonly kind: 'ended' }

class Reader {
  readonly #set = new EpollSet()
  readonly #ring: RingReader
  readonly #losses: Mapping
  readonly #roll: Roll
  #told = { events: 0, processes: 0 }
  #rollCalledNs = 0
  #lookedForEndsNs = 0
  #rollIsDue = false
  #events: (ProcessEvent | LossEvent)[] = []
  #stopped = false

  constructor(private readonly start: ReaderStart) {
    this.#ring = new RingReader(start.ring, start.ringBytes)
    this.#losses = new Mapping(start.losses, 0, PAGE_BYTES, 'read')
    this.#roll = new Roll(start.runStartNs)
    this.#set.add(start.ring, Epoll.IN)
    this.#set.add(start.wake, Epoll.IN)
  }

  run(): void {
    takeShortTurns()
    let came = 0
    while (!this.#stopped) {
      const wait = came > 0 || this.#rollIsDue ? LOOK_AGAIN_MS : IDLE_LOOK_MS
      this.#set.wait((fd) => {
        if (fd === this.start.wake) {
          readSync(fd, Buffer.alloc(8), 0, 8, null)
          this.#stopped = true
        }
      }, wait)
      came = this.#look()
    }
    // A mapping keeps its map in the kernel, even when this thread has ended.
    this.#ring[Symbol.dispose]()
    this.#losses[Symbol.dispose]()
    post({ kind: 'ended' })
  }

  /** Takes in what is there and passes it on. Returns how many events it was. */
  #look(): number {
    const came = this.#drain()
    const now = clockNs(Clock.MONOTONIC)
    this.#lookForMissedEnds(now)
    this.#lookForLosses(now)
    if (this.#events.length > 0) post({ kind: 'events', events: this.#events })
    this.#events = []
    return came
  }

  #drain(): number {
    return this.#ring.drain((view, at) => {
      this.#events.push(...this.#roll.handle(decode(view, at)))
    })
  }

  /** The kernel skips a program without counting it for the run: bpf/exec.bpf.c. */
  #lookForMissedEnds(now: number): void {
    if (now - this.#lookedForEndsNs < LOOK_FOR_ENDS_EVERY_NS) return
    this.#lookedForEndsNs = now
    const missed = this.#roll.missedEnds(procTable, now, () => this.#drain())
    if (missed.length > 0) this.#lost(now, missed.length, 0)
    this.#events.push(...missed)
  }

  #lookForLosses(now: number): void {
    const lost = acg_losses.read(new DataView(this.#losses.buffer), 0)
    const events = lost.events - this.#told.events
    const processes = lost.processes - this.#told.processes
    if (events > 0 || processes > 0) {
      this.#told = lost
      this.#lost(now, events, processes)
      this.#rollIsDue = true
    }
    if (!this.#rollIsDue || (now - this.#rollCalledNs < CALL_ROLL_EVERY_NS && !this.#stopped)) return
    this.#rollCalledNs = now
    this.#events.push(...this.#roll.callAgainst(procTable, now))
    this.#rollIsDue = this.#roll.hasUnnamed
  }

  #lost(now: number, events: number, processes: number): void {
    this.#events.push({
      event: 'loss',
      time_ms: Math.round((now - this.start.runStartNs) / 1e3) / 1e3,
      lost_events: events,
      lost_processes: processes,
    })
  }
}

declare const self: {
  onmessage: ((message: { data: ReaderStart }) => void) | null
  postMessage: (message: ReaderMessage) => void
}

function post(message: ReaderMessage): void {
  self.postMessage(message)
}

self.onmessage = ({ data }) => new Reader(data).run()
