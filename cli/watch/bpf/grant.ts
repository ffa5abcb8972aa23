// What the reading half is given by the privileged one, wherever that runs.

import type { Pace } from './pace.ts'

export interface RunGrant extends Disposable {
  /** The run's ring, of `ringBytes`, and its counters of losses. Whoever gave them closes them. */
  readonly ring: number
  readonly ringBytes: number
  readonly losses: number
  /** How soon its reader is told. */
  readonly pace: Pace
  /** Has the run be the container of which this is the first process, which lives. Throws if it cannot. */
  follow(initPid: number): void
}

/** Called once Podman has been started. Throws if there is none to be had, with a message that says why. */
export type ObtainGrant = () => RunGrant
