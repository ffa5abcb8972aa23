// Who controls a run's calls. What is not asked for is not loaded.

import { expectMoves } from '../../ffi/mod.ts'
import type { CallTracker } from '../calls/tracker.ts'
import { favorsMoves } from '../cgroup/delegation.ts'
import { poolFolder } from '../places.ts'
import type { Priority } from '../policy/observation.ts'
import type { Control } from '../record/schema.ts'
import type { Placement, PlacementRun } from './placement.ts'

/** What a run asks of its user's pool. */
export interface PoolWish {
  /** What all runs of the user may hold together. */
  readonly memoryBytes: number
  readonly priority: Priority
}

/** Beside the cgroup of the container's init. Throws AcgError where no leaf can be had. */
export type MakePlacement = (initPid: number, calls: CallTracker, run: PlacementRun) => Placement

/** null if nothing is to be controlled. Throws AcgError where the pool cannot be had. */
export async function chooseControl(control: Control, pool: PoolWish | null): Promise<MakePlacement | null> {
  if (control === 'off') return null
  const [{ Placement }, { RunLeaves }] = await Promise.all([
    import('./placement.ts'),
    import('../cgroup/run-leaves.ts'),
  ])
  const seat = control === 'enforce' && pool !== null ? await takeSeat(pool) : null
  return (initPid, calls, run) => {
    const leaves = RunLeaves.beside(initPid, control === 'enforce')
    if (run.door && !favorsMoves()) expectMoves(leaves.openForNoMove(), initPid)
    return new Placement(leaves, calls, control, run, seat)
  }
}

async function takeSeat({ memoryBytes, priority }: PoolWish) {
  const { Seat } = await import('../pool/seat.ts')
  return Seat.take({
    folder: poolFolder(),
    run: crypto.randomUUID(),
    priority,
    poolBytes: memoryBytes,
  })
}
