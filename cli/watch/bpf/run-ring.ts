// A run's ring, as its reader has it: two descriptors and no privilege. What the ring lost is noticed here, and put
// right by asking /proc.

import { acg_losses } from '../../../bpf/acg.gen.ts'
import { Clock, clockNs } from '../../../ffi/mod.ts'
import { Mapping, PAGE_BYTES, RingReader } from '../../../ffi/ring.ts'
import type { LossEvent, ProcessEvent } from '../process-event.ts'
import { decode } from './decode.ts'
import type { RunGrant } from './grant.ts'
import { procTable } from './process-table.ts'
import { Roll } from './roll.ts'

/** While events are being lost, /proc is not searched more often than this. */
const CALL_ROLL_EVERY_NS = 100e6

export class RunRing implements Disposable {
  readonly #ring: RingReader
  readonly #losses: Mapping
  readonly #roll: Roll
  #told = { events: 0, processes: 0 }
  #rollCalledNs = 0
  #rollIsDue = false
  #came = 0

  /** Times count from `runStartNs` of CLOCK_MONOTONIC. Throws SystemError. */
  constructor(
    { ring, ringBytes, losses }: RunGrant,
    private readonly runStartNs: number,
  ) {
    this.#ring = new RingReader(ring, ringBytes)
    this.#losses = new Mapping(losses, 0, PAGE_BYTES, 'read')
    this.#roll = new Roll(runStartNs)
  }

  /** Whether the last look found nothing, and nothing is still to be put right. */
  get isQuiet(): boolean {
    return this.#came === 0 && !this.#rollIsDue
  }

  /** What has come since the last look. `isLast`: what was lost is put right now or never. */
  look(isLast = false): (ProcessEvent | LossEvent)[] {
    const events: (ProcessEvent | LossEvent)[] = []
    this.#came = this.#ring.drain((view, at) => {
      events.push(...this.#roll.handle(decode(view, at)))
    })
    const lost = acg_losses.read(new DataView(this.#losses.buffer), 0)
    const lostEvents = lost.events - this.#told.events
    const lostProcesses = lost.processes - this.#told.processes
    if (lostEvents > 0 || lostProcesses > 0) {
      this.#told = lost
      this.#rollIsDue = true
      const timeMs = Math.round((clockNs(Clock.MONOTONIC) - this.runStartNs) / 1e3) / 1e3
      events.push({
        event: 'loss',
        time_ms: timeMs,
        lost_events: lostEvents,
        lost_processes: lostProcesses,
      })
    }
    if (this.#rollIsDue) events.push(...this.#callRoll(isLast))
    return events
  }

  #callRoll(isLast: boolean): ProcessEvent[] {
    const now = clockNs(Clock.MONOTONIC)
    if (now - this.#rollCalledNs < CALL_ROLL_EVERY_NS && !isLast) return []
    this.#rollIsDue = false
    this.#rollCalledNs = now
    return this.#roll.callAgainst(procTable, now)
  }

  /** A mapping keeps its map in the kernel. */
  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]()
    this.#losses[Symbol.dispose]()
  }
}
