// What the policy is told at each step: the pool, and each call as its leaf's files say. Reading them is the broker's.

import type { Kind, PRIORITIES } from '../record/vocabulary.ts'

export type Priority = (typeof PRIORITIES)[number]

export interface CallObservation {
  /** Unique in the pool. */
  readonly id: string
  readonly run: string
  readonly priority: Priority
  readonly guessedKind: Kind
  /** When its first exec was held. */
  readonly sinceMs: number
  /** `waiting`: at its beginning, where next to nothing is allocated yet. */
  readonly state: 'waiting' | 'running' | 'frozen'
  /** Its `memory.high`; 0 while it waits. */
  readonly grantedBytes: number
  /** `memory.current`. */
  readonly usedBytes: number
  /** What of it the kernel can drop at no cost: `active_file` and `inactive_file` of `memory.stat`. */
  readonly cacheBytes: number
  /** `high` of `memory.events`. */
  readonly crossings: number
  /** The total of `full` in `memory.pressure`. */
  readonly stalledUs: number
  /** `usage_usec` of `cpu.stat`. */
  readonly cpuUs: number
  /** It went past its `memory.high` further than there was room, and was stopped there. */
  readonly isBraked: boolean
  /** Its root has ended; what it left still runs. */
  readonly isBackground: boolean
  /** What the model asked for (hint.ts). */
  readonly hintBytes: number | null
}

/** What the room of one run is where runs share a pool (pool/). */
export interface Lease {
  /** What the room would be if no other run held anything. */
  readonly mostBytes: number
  /** Other runs get on, or it is not this one's turn: to wait for a larger lease is no deadlock. */
  readonly isHelpComing: boolean
}

export interface Observation {
  /** On the monotonic clock. */
  readonly nowMs: number
  /** What all calls of the pool may have together: the cap, less the runtimes' floors. */
  readonly roomBytes: number
  /**
   * What lies between the room and the cap, and no call is granted: what is outside of calls may grow by so much before
   * the kernel ends somebody.
   */
  readonly cushionBytes: number
  /** null where nobody else has a say in the room. */
  readonly lease: Lease | null
  readonly hasSwap: boolean
  readonly calls: readonly CallObservation[]
}

/** What a call holds that only it can give back. */
export function heldBytes({ usedBytes, cacheBytes }: CallObservation): number {
  return Math.max(0, usedBytes - cacheBytes)
}
