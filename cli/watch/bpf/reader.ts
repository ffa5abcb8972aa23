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
/** While events are being lost, /proc is not searched more often than this. */
const CALL_ROLL_EVERY_NS = 100e6

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
    const came = this.#ring.drain((view, at) => {
      this.#events.push(...this.#roll.handle(decode(view, at)))
    })
    this.#lookForLosses()
    if (this.#events.length > 0) post({ kind: 'events', events: this.#events })
    this.#events = []
    return came
  }

  #lookForLosses(): void {
    const lost = acg_losses.read(new DataView(this.#losses.buffer), 0)
    const events = lost.events - this.#told.events
    const processes = lost.processes - this.#told.processes
    const now = clockNs(Clock.MONOTONIC)
    if (events > 0 || processes > 0) {
      this.#told = lost
      this.#events.push({
        event: 'loss',
        time_ms: Math.round((now - this.start.runStartNs) / 1e3) / 1e3,
        lost_events: events,
        lost_processes: processes,
      })
      this.#rollIsDue = true
    }
    if (!this.#rollIsDue || (now - this.#rollCalledNs < CALL_ROLL_EVERY_NS && !this.#stopped)) return
    this.#rollIsDue = false
    this.#rollCalledNs = now
    this.#events.push(...this.#roll.callAgainst(procTable, now))
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
