// Keeps each call below what the run's limit leaves it, by memory.high: the kernel slows a call there, where at the
// limit itself it would end something at once. So there is time to say why before a call is ended.

import type { RunLeaves } from '../cgroup/run-leaves.ts'

/** How far below the run's limit a call is slowed: what is held grows a little past memory.high, and so may the agent. */
const MARGIN_SHARE = 0.03
const LEAST_MARGIN_BYTES = 16 << 20
/** A call may hold so much whatever others do: memory.high punishes less than that at the first page. */
const LEAST_HIGH_BYTES = 16 << 20
/** A change by less is not worth a write. */
const LEAST_CHANGE_BYTES = 4 << 20
/** This close to memory.high, a call stands at it. */
const STANDS_AT = 0.97
/** Looks in a row at which a call stands there, before it does not get on. */
const PATIENCE_LOOKS = 6

export const LOOK_EVERY_MS = 50

export class Brake {
  readonly #highs = new Map<number, number>()
  readonly #standing = new Map<number, number>()
  readonly #marginBytes: number

  /** `limitBytes` is the run's. */
  constructor(
    private readonly leaves: RunLeaves,
    private readonly limitBytes: number,
  ) {
    this.#marginBytes = Math.max(LEAST_MARGIN_BYTES, limitBytes * MARGIN_SHARE)
  }

  /** Sets what each call may hold by now; returns the one that has to be ended, if there is one: the largest stuck. */
  look(): number | null {
    const held = new Map([...this.leaves.calls()].map(([call, leaf]) => [call, leaf.heldBytes()]))
    const wholeBytes = this.leaves.heldBytes()
    let largest: { call: number; bytes: number } | null = null
    for (const [call, bytes] of held) {
      const roomBytes = this.limitBytes - this.#marginBytes - (wholeBytes - bytes)
      this.#set(call, Math.max(LEAST_HIGH_BYTES, roomBytes))
      if (this.#isStuck(call, bytes) && bytes > (largest?.bytes ?? -1)) largest = { call, bytes }
    }
    for (const call of this.#highs.keys()) if (!held.has(call)) this.#forget(call)
    return largest?.call ?? null
  }

  #set(call: number, bytes: number): void {
    const before = this.#highs.get(call)
    if (before !== undefined && Math.abs(bytes - before) < LEAST_CHANGE_BYTES) return
    this.leaves.call(call)?.setHigh(Math.round(bytes))
    this.#highs.set(call, bytes)
  }

  #isStuck(call: number, heldBytes: number): boolean {
    const stands = heldBytes >= STANDS_AT * (this.#highs.get(call) ?? Number.POSITIVE_INFINITY)
    const looks = stands ? (this.#standing.get(call) ?? 0) + 1 : 0
    this.#standing.set(call, looks)
    return looks >= PATIENCE_LOOKS
  }

  #forget(call: number): void {
    this.#highs.delete(call)
    this.#standing.delete(call)
  }
}
