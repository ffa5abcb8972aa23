// From a request to a result: what every command that runs an agent does.

import { chooseControl } from '../broker/control.ts'
import type { Result } from '../record/schema.ts'
import { chooseBackend } from '../watch/backend.ts'
import { RunClock } from './clock.ts'
import { awaitKeyboard } from './keyboard.ts'
import { clearDeadRuns } from './leftovers.ts'
import { findPodman } from './podman.ts'
import { prepare } from './preparation.ts'
import type { RunRequest } from './request.ts'
import { SupervisedRun } from './run.ts'

/** Throws AcgError if the run cannot be as asked. */
export async function supervise(request: RunRequest): Promise<{ result: Result; folder: string }> {
  const clock = new RunClock(performance.now())
  await clearDeadRuns(findPodman())
  // It may stop here for long, or be ended: nothing of this run is there yet.
  const keyboard = awaitKeyboard()
  const backend = await chooseBackend(request.watch, request.control !== 'off')
  const makePlacement = await chooseControl(request.control, request.pool)
  const plan = prepare(request)
  const run = new SupervisedRun(request, plan, clock, backend, makePlacement)
  return { result: await run.run(keyboard), folder: plan.recordFolder }
}
