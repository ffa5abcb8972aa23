// The result of a run whose supervisor did not live to write it, from the events and samples that it left.

import { profileNamed } from '../calls/agents/table.ts'
import { CallTracker } from '../calls/tracker.ts'
import { ExitCode } from '../exit-codes.ts'
import { type RecordFolder, readEvents, readSamples } from './reader.ts'
import { assembleResult } from './result.ts'
import type { RecordEvent, Result } from './schema.ts'
import { type RunState, runState } from './state.ts'

/** Calls that were open stay without an end. */
export function recoverResult(record: RecordFolder, why: string): Result {
  const { run } = record
  const profile = profileNamed(run.agent)
  const calls = profile ? new CallTracker(profile) : null
  const events = readEvents(record)
  for (const event of events) {
    if (event.event === 'fork' || event.event === 'exec' || event.event === 'exit') calls?.handle(event)
  }
  const { header, samples } = readSamples(record)
  const callSource = header?.source.calls ?? 'process-rss'
  const peak: Result['peak'] = { bytes: null, source: header?.source.container ?? null, call: null }
  for (const sample of samples) {
    for (const { call, memory_bytes } of sample.calls) calls?.sawMemory(call, memory_bytes, callSource)
    if (sample.memory_bytes === null || sample.memory_bytes <= (peak.bytes ?? -1)) continue
    peak.bytes = sample.memory_bytes
    peak.call = sample.calls.toSorted((a, b) => b.memory_bytes - a.memory_bytes)[0]?.call ?? null
  }
  const lastMs = Math.max(0, ...lastTimes(events), samples.at(-1)?.time_ms ?? 0)
  const go = events.find((event) => event.event === 'run_phase' && event.phase === 'go')
  return assembleResult({
    runId: run.run_id,
    agent: run.agent,
    startedEpochMs: run.started_epoch_ms,
    ending: { ending: 'lost', reason: why, exit_code: null, signal: null, acg_exit_code: ExitCode.ACG },
    startupMs: go && 'time_ms' in go ? go.time_ms : lastMs,
    durationMs: lastMs,
    peak,
    watch: { power: run.watch, complete: false },
    calls,
    notes: run.notes,
  })
}

function lastTimes(events: readonly RecordEvent[]): number[] {
  const last = events.at(-1)
  return last && 'time_ms' in last ? [last.time_ms] : []
}

const WHY_NONE: Readonly<Record<RunState, string>> = {
  running: 'it still runs',
  ended: 'its result is missing',
  abandoned: 'acg, which supervised the run, was killed',
}

/** The record's result, or what can be told without it. */
export function resultOf(record: RecordFolder): Result {
  return record.result ?? recoverResult(record, WHY_NONE[runState(record)])
}
