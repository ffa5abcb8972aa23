// How soon a run is told of what happens, and whether code is compiled for it: each is for a run of one kind a cost, of CPU
// beside the agent (docs/bpf.md, what it costs).

export interface Pace {
  /** It is told of anything within this time, or a little more. */
  readonly rideAlongMs: number
  /**
   * How many times as often as Bun would have it code has to run before the engine compiles it; null for what acg was
   * built with.
   */
  readonly compilesAfter: number | null
}

/** For a run that only records, whose times come with the events. */
export const RECORDING: Pace = { rideAlongMs: 250, compilesAfter: 200 }

/** For a run whose calls have leaves of their own: until a call is in its leaf, others are charged for it. */
export const CONTROLLING: Pace = { rideAlongMs: 40, compilesAfter: null }
