// What the policy wants done. The broker carries the actions out in the order in which they stand: what gives room
// comes before what takes it.

export interface LimitFacts {
  /** The most that it held. */
  readonly peakBytes: number
  /** Its `memory.high` now. */
  readonly grantedBytes: number
  /** What its kind, or its hint, gave it at the door. */
  readonly budgetBytes: number
  /** What all calls of the pool may have together. */
  readonly roomBytes: number
  /** What the other calls hold. */
  readonly othersBytes: number
  /** What the room lacks, since other runs of the user's pool hold it. */
  readonly elsewhereBytes: number
  /** How long it waited or was frozen, in all. */
  readonly heldMs: number
  /** For how long nothing has got on. */
  readonly stalledMs: number
}

export type Action =
  /** To the processes of a leaf, with `cgroup.kill`. */
  | { readonly action: 'kill'; readonly call: string; readonly why: LimitFacts }
  /** The last rung: what was killed is still there. */
  | { readonly action: 'endRun'; readonly run: string; readonly call: string; readonly why: LimitFacts }
  | { readonly action: 'freeze'; readonly call: string }
  /** Only with swap, and of a frozen call: `memory.reclaim`. It may give less than is asked. */
  | { readonly action: 'reclaim'; readonly call: string; readonly bytes: number }
  /** A new `memory.high`, up or down; never below what the call holds. */
  | { readonly action: 'grant'; readonly call: string; readonly grantedBytes: number }
  | { readonly action: 'thaw'; readonly call: string }
  /** Lets the held exec go, with this `memory.high`. */
  | { readonly action: 'admit'; readonly call: string; readonly grantedBytes: number }
  /** `limit`: it will be killed. `held`: it had to wait for long enough to matter. */
  | {
      readonly action: 'tell'
      readonly call: string
      readonly about: 'limit' | 'held'
      readonly why: LimitFacts
    }

const SEQUENCE: Readonly<Record<Action['action'], number>> = {
  tell: 0,
  kill: 1,
  endRun: 2,
  freeze: 3,
  reclaim: 4,
  grant: 5,
  thaw: 6,
  admit: 7,
}

/** What gives room first; among grants the lower ones come before the higher, by `grantedNow`. */
export function inSequence(actions: readonly Action[], grantedNow: (call: string) => number): Action[] {
  const rises = (each: Action) =>
    each.action === 'grant' && each.grantedBytes > grantedNow(each.call) ? 0.5 : 0
  return actions.toSorted(
    (one, other) => SEQUENCE[one.action] + rises(one) - SEQUENCE[other.action] - rises(other),
  )
}
