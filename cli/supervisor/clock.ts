// The run's time: milliseconds since acg began, on the monotonic clock, and when that was.

import { Clock, clockNs } from '../../ffi/mod.ts'

export class RunClock {
  readonly startNs: number
  readonly startedEpochMs: number

  /** `ageMs`: how long the run has already lasted when the clock is made. */
  constructor(ageMs: number) {
    this.startNs = clockNs(Clock.MONOTONIC) - ageMs * 1e6
    this.startedEpochMs = clockNs(Clock.REALTIME) / 1e6 - ageMs
  }

  /** Rounded to the microsecond. */
  nowMs(): number {
    return Math.round((clockNs(Clock.MONOTONIC) - this.startNs) / 1e3) / 1e3
  }
}
