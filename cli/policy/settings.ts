// What can be tuned. `stallMs` and `onLimit` are the user's; the rest follows from how the kernel brakes.

export interface Settings {
  /** How long the pool may stand still before a call is killed for the others. */
  readonly stallMs: number
  /** `freeze`: never kill; what does not fit is told, and stays frozen until there is room. */
  readonly onLimit: 'kill' | 'freeze'
  /** From being told to being killed: the text has to reach the model first. */
  readonly graceMs: number
  /** A call that has not grown for so long is settled: it counts with what it holds. */
  readonly settleMs: number
  /** Over what time it is judged whether a call gets on. */
  readonly windowMs: number
  /** Who has waited so long is not passed any more. */
  readonly passMs: number
  /** Who was held for so long is told. */
  readonly tellHeldMs: number
  /** What a growing call has ahead of it: several steps at full speed, 1 to 3 MB a millisecond. */
  readonly headroomBytes: number
  /** What any running call has ahead of it. */
  readonly marginBytes: number
  /** The side room: what all growing calls but one may hold together, as a share of the room. */
  readonly sideShare: number
  /** What a settled call may still grow by, as a share of what it holds. */
  readonly reserveShare: number
}

export const DEFAULT_SETTINGS: Settings = {
  stallMs: 10_000,
  onLimit: 'kill',
  graceMs: 250,
  settleMs: 500,
  windowMs: 200,
  passMs: 5000,
  tellHeldMs: 2000,
  headroomBytes: 128e6,
  marginBytes: 16e6,
  sideShare: 1 / 8,
  reserveShare: 1 / 4,
}
