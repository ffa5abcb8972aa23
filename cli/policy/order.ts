// Who comes first. A call's turn is the time at which it came plus the patience of its priority: whatever comes later
// than the longest patience after it is behind it, so that nothing waits for ever, and no turn changes while it is
// waited for.

import type { CallObservation, Priority } from './observation.ts'

export const PATIENCE_MS: Readonly<Record<Priority, number>> = { high: 0, normal: 30_000, low: 60_000 }

/** What a call left behind runs on without an end: its turn is counted from when it is held, and else from now. */
const BACKGROUND_PATIENCE_MS = 120_000

/** Nothing that comes so much later than a call can pass it. */
export const LONGEST_PATIENCE_MS = PATIENCE_MS.low

/** Shares of the room that nobody needs just now. */
export const WEIGHTS: Readonly<Record<Priority, number>> = { high: 4, normal: 2, low: 1 }

export function turnMs(call: CallObservation, heldSinceMs: number | null, nowMs: number): number {
  return call.isBackground
    ? (heldSinceMs ?? nowMs) + BACKGROUND_PATIENCE_MS
    : call.sinceMs + PATIENCE_MS[call.priority]
}
