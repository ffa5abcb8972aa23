// Who controls a run's calls. What is not asked for is not loaded.

import type { CallTracker } from '../calls/tracker.ts'
import type { Control } from '../record/schema.ts'
import type { Placement, PlacementRun } from './placement.ts'

/** Beside the cgroup of the container's init. Throws AcgError where no leaf can be had. */
export type MakePlacement = (initPid: number, calls: CallTracker, run: PlacementRun) => Placement

/** null if nothing is to be controlled. */
export async function chooseControl(control: Control): Promise<MakePlacement | null> {
  if (control === 'off') return null
  const [{ Placement }, { RunLeaves }] = await Promise.all([
    import('./placement.ts'),
    import('../cgroup/run-leaves.ts'),
  ])
  return (initPid, calls, run) => new Placement(RunLeaves.beside(initPid), calls, control, run)
}
