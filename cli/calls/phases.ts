// How a run's time divides: start-up, then calls (as the union of their intervals), and thinking is the rest.

export interface Interval {
  readonly startMs: number
  readonly endMs: number
}

export interface Phases {
  readonly startup_ms: number
  readonly thinking_ms: number
  readonly calls_ms: number
}

/** The time that the intervals cover together, in ms. */
export function unionMs(intervals: readonly Interval[]): number {
  let covered = 0
  let reached = Number.NEGATIVE_INFINITY
  for (const { startMs, endMs } of [...intervals].sort((a, b) => a.startMs - b.startMs)) {
    covered += Math.max(0, endMs - Math.max(startMs, reached))
    reached = Math.max(reached, endMs)
  }
  return covered
}

/** The three add up to `durationMs`, whatever the intervals are. */
export function phases(startupMs: number, durationMs: number, calls: readonly Interval[]): Phases {
  const startup = Math.min(Math.max(startupMs, 0), durationMs)
  const clipped = calls
    .map(({ startMs, endMs }) => ({
      startMs: Math.max(startMs, startup),
      endMs: Math.min(endMs, durationMs),
    }))
    .filter(({ startMs, endMs }) => endMs > startMs)
  const inCalls = unionMs(clipped)
  // A sum of many intervals can exceed the whole by a rounding error.
  const thinking = Math.max(0, durationMs - startup - inCalls)
  return { startup_ms: startup, thinking_ms: thinking, calls_ms: inCalls }
}
