// Whether a recorded run still goes on.

import { isAlive } from '../procfs/stat.ts'
import type { Result, Run } from './schema.ts'

/** `abandoned`: its supervisor was killed, and no acg has cleared up after it yet. */
export type RunState = 'running' | 'ended' | 'abandoned'

export function runState({ run, result }: { readonly run: Run; readonly result: Result | null }): RunState {
  if (result) return 'ended'
  return run.supervisor !== null && isAlive(run.supervisor) ? 'running' : 'abandoned'
}
