// When to look into a ring of which most events wake nobody.
//
// After a look that found something the next one comes of itself, soon after what rode along would have woken acg, or in
// BEHIND_MS where /proc has to be asked. As long as that is due, a look that finds nothing puts nothing off: its waking
// was an event's that the look before it had taken, and what rode along since waits for the look that is due. Only if
// that finds nothing either will the next event wake, whatever it is (bpf/ring.bpf.h); IDLE_MS covers an event that was
// written just as the programs and acg each thought the other would act.

const RIDE_ALONGS = 1.2
/** More than CALL_ROLL_EVERY_NS of run-ring.ts. */
const BEHIND_MS = 50
const IDLE_MS = 1000

export class LookPace {
  #due: Timer | null = null

  constructor(
    private readonly look: () => void,
    private readonly rideAlongMs: number,
    private readonly idleMs = IDLE_MS,
    private readonly behindMs = BEHIND_MS,
  ) {}

  /** To be called after every look. `isBehind`: what the ring does not tell is to be asked for. */
  looked(foundAny: boolean, isBehind = false): void {
    if (isBehind) this.#lookIn(this.behindMs)
    else if (foundAny) this.#lookIn(RIDE_ALONGS * this.rideAlongMs)
    else if (this.#due === null) this.#lookIn(this.idleMs)
  }

  #lookIn(ms: number): void {
    this.stop()
    this.#due = setTimeout(() => {
      this.#due = null
      this.look()
    }, ms)
  }

  stop(): void {
    if (this.#due) clearTimeout(this.#due)
    this.#due = null
  }
}
