// The result document from what was seen of a run, by its supervisor or in its record.

import { phases } from '../calls/phases.ts'
import type { CallTracker } from '../calls/tracker.ts'
import type { Result } from './schema.ts'
import { SCHEMA_VERSION } from './vocabulary.ts'

export type Ending = Pick<Result, 'ending' | 'reason' | 'exit_code' | 'signal' | 'acg_exit_code'>

interface Facts {
  readonly runId: string
  readonly agent: string
  readonly startedEpochMs: number
  readonly ending: Ending
  readonly startupMs: number
  readonly durationMs: number
  readonly peak: Result['peak']
  readonly watch: Result['watch']
  /** null if nobody knows any more how to tell them. */
  readonly calls: CallTracker | null
  readonly notes: string[]
}

export function assembleResult(facts: Facts): Result {
  const calls = facts.calls?.calls() ?? []
  const intervals = calls.map(({ start_ms, end_ms }) => ({
    startMs: start_ms,
    endMs: end_ms ?? facts.durationMs,
  }))
  return {
    schema_version: SCHEMA_VERSION,
    run_id: facts.runId,
    agent: facts.agent,
    started_epoch_ms: facts.startedEpochMs,
    ...facts.ending,
    duration_ms: facts.durationMs,
    phases: phases(facts.startupMs, facts.durationMs, intervals),
    peak: facts.peak,
    watch: facts.watch,
    processes: facts.calls?.countRoles() ?? { runtime: 0, service: 0, call: 0, housekeeping: 0 },
    calls,
    notes: facts.notes,
  }
}
