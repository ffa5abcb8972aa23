// A run's ring, as its reader has it: two descriptors and no privilege. What the ring lost is noticed here, and put
// right by asking /proc. When to look is the watcher's business.

import { acg_losses } from '../../../bpf/acg.gen.ts'
import { Clock, clockNs } from '../../../ffi/mod.ts'
import { Mapping, PAGE_BYTES, RingReader } from '../../../ffi/ring.ts'
import type { LossEvent, ProcessEvent } from '../process-event.ts'
import { Decoder } from './decode.ts'
import type { RunGrant } from './grant.ts'
import { procTable } from './process-table.ts'
import { Roll } from './roll.ts'

/** While events are being lost, or somebody lives whom the ring does not name, /proc is not searched more often. */
const CALL_ROLL_EVERY_NS = 40e6
/** How often it is looked whether who is taken for living does live. */
const LOOK_FOR_ENDS_EVERY_NS = 1e9

export class RunRing implements Disposable {
  readonly #ring: RingReader
  readonly #losses: Mapping
  readonly #counted: Uint32Array
  readonly #decoder: Decoder
  readonly #roll = new Roll()
  #toldLosses = 0
  #rollCalledNs = 0
  #lookedForEndsNs = 0
  #rollIsDue = false
  #events: (ProcessEvent | LossEvent)[] = []

  /** Times count from `runStartNs` of CLOCK_MONOTONIC. Throws SystemError. */
  constructor({ ring, ringBytes, losses }: RunGrant, runStartNs: number) {
    this.#ring = new RingReader(ring, ringBytes)
    this.#losses = new Mapping(losses, 0, PAGE_BYTES, 'read')
    this.#counted = new Uint32Array(this.#losses.buffer)
    this.#decoder = new Decoder(runStartNs)
  }

  /** Whether /proc is still to be asked for what was lost. */
  get isBehind(): boolean {
    return this.#rollIsDue
  }

  /** What has come since the last look. `isLast`: what was lost is put right now or never. */
  look(isLast: boolean): (ProcessEvent | LossEvent)[] {
    this.#drain()
    const now = clockNs(Clock.MONOTONIC)
    this.#lookForMissedEnds(now)
    this.#lookForLosses(now, isLast)
    const events = this.#events
    this.#events = []
    return events
  }

  #drain(): void {
    const tell = (event: ProcessEvent) => {
      this.#events.push(event)
    }
    this.#ring.drain((words, at) => this.#roll.handle(this.#decoder.decode(words, at), tell))
  }

  /** The kernel skips a program without counting it for the run: bpf/exec.bpf.c. */
  #lookForMissedEnds(now: number): void {
    if (now - this.#lookedForEndsNs < LOOK_FOR_ENDS_EVERY_NS) return
    this.#lookedForEndsNs = now
    const missed = this.#roll.missedEnds(procTable, this.#decoder.timeMs(now), () => this.#drain())
    if (missed.length > 0) this.#lost(now, missed.length)
    this.#events.push(...missed)
  }

  #lookForLosses(now: number, isLast: boolean): void {
    const { events } = acg_losses.read(this.#counted, 0)
    if (events > this.#toldLosses) {
      this.#lost(now, events - this.#toldLosses)
      this.#toldLosses = events
      this.#rollIsDue = true
    }
    if (!this.#rollIsDue || (now - this.#rollCalledNs < CALL_ROLL_EVERY_NS && !isLast)) return
    this.#rollCalledNs = now
    this.#events.push(...this.#roll.callAgainst(procTable, this.#decoder.timeMs(now)))
    this.#rollIsDue = this.#roll.hasUnnamed
  }

  #lost(now: number, events: number): void {
    this.#events.push({
      event: 'loss',
      time_ms: this.#decoder.timeMs(now),
      lost_events: events,
      lost_processes: 0,
    })
  }

  /** A mapping keeps its map in the kernel. */
  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]()
    this.#losses[Symbol.dispose]()
  }
}
