// A call as the broker knows it: what it was given, whether it may go on, and what its leaf says of it.

import type { Leaf } from '../cgroup/leaf.ts'
import type { CallObservation } from '../policy/observation.ts'
import { readStat } from '../procfs/stat.ts'
import type { Kind } from '../record/vocabulary.ts'

/** Nobody has less, not even who waits: memory.high would punish the pages of the first instruction. */
const LEAST_BYTES = 16 << 20

export interface Arrival {
  readonly call: number
  readonly leaf: Leaf
  /** Its first process. */
  readonly pid: number
  readonly guessedKind: Kind
  readonly hintBytes: number | null
}

export class Tenant {
  /** Its root has ended; what it left still runs. */
  isBackground = false
  wasKilled = false
  /** What there was to tell the model since it was last let go, and whether it could read it. */
  toldAbout: 'limit' | 'held' | null = null
  couldRead = false
  #state: CallObservation['state'] = 'waiting'
  #isFrozen = false
  #isBraked = false
  #grantedBytes = 0
  /** It was told to wait, or stopped half-way. */
  #wasStopped = false

  /** Where `acts` is false, all is noted and nothing done. */
  constructor(
    readonly arrival: Arrival,
    private readonly run: string,
    private readonly sinceMs: number,
    private readonly acts: boolean,
  ) {}

  /** Itself anew: what runs on although it was ended, where nobody acts. */
  goingOn(): Tenant {
    const tenant = new Tenant(this.arrival, this.run, this.sinceMs, false)
    tenant.#state = 'running'
    return tenant
  }

  get isStopped(): boolean {
    return this.#state !== 'running'
  }

  /** Whether it uses no CPU and takes no memory. */
  get stands(): boolean {
    return this.isStopped && this.#isFrozen
  }

  /** null once its leaf is gone. */
  observe(): CallObservation | null {
    const { call, leaf, guessedKind, hintBytes } = this.arrival
    const readings = leaf.readings()
    return (
      readings && {
        ...readings,
        id: String(call),
        run: this.run,
        priority: 'normal',
        guessedKind,
        hintBytes,
        sinceMs: this.sinceMs,
        state: this.#state,
        grantedBytes: this.#grantedBytes,
        isBraked: this.#isBraked,
        isBackground: this.isBackground,
      }
    )
  }

  /** Lets it have so much, whether it runs or not. */
  grant(bytes: number): void {
    const before = this.#grantedBytes
    this.#grantedBytes = Math.max(LEAST_BYTES, Math.round(bytes))
    if (this.acts) this.arrival.leaf.setHigh(this.#grantedBytes)
    if (this.#isBraked && this.#grantedBytes > before) {
      this.#isBraked = false
      this.#freeze(this.#isFrozen)
    }
  }

  /** It may not go on yet. */
  keepAtTheDoor(): void {
    this.#wasStopped = true
    if (this.acts) this.arrival.leaf.setHigh(LEAST_BYTES)
    this.closeTheDoor()
  }

  /**
   * Stops it as soon as its exec is behind it: until then who forked it waits for it, which may be the agent itself. It
   * holds next to nothing then.
   */
  closeTheDoor(): void {
    if (this.#state !== 'waiting' || !this.#wasStopped || this.#isFrozen) return
    if (!readStat(this.arrival.pid)?.hasNotExeced) this.#freeze(true)
  }

  freeze(): void {
    this.#state = 'frozen'
    this.#wasStopped = true
    this.#freeze(true)
  }

  /** Whether it was stopped before. */
  letGo(): boolean {
    const wasStopped = this.#wasStopped
    this.#state = 'running'
    this.#wasStopped = false
    if (this.#isFrozen) this.#freeze(false)
    return wasStopped
  }

  /**
   * The kernel slows what is past its memory.high, and lets it go on a little after each sleep. Where there is nothing
   * left for that, it stands still until it is granted more.
   */
  brake(heldBytes: number): void {
    if (!this.acts || this.#isBraked || this.isStopped || heldBytes <= this.#grantedBytes) return
    this.#isBraked = true
    this.arrival.leaf.freeze(true)
  }

  #freeze(isFrozen: boolean): void {
    this.#isFrozen = isFrozen
    if (this.acts) this.arrival.leaf.freeze(isFrozen || this.#isBraked)
  }

  kill(): void {
    this.wasKilled = true
    if (this.acts) this.arrival.leaf.kill()
  }

  reclaim(bytes: number): void {
    if (this.acts) this.arrival.leaf.reclaim(bytes)
  }
}
