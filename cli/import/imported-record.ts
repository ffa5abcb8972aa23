// A run that someone else recorded, as a record of acg's: what is not known of it is null.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { guessKind } from '../calls/classify.ts'
import { phases } from '../calls/phases.ts'
import type { Call, Origin, RecordEvent, Result, Sample } from '../record/schema.ts'
import { SCHEMA_VERSION } from '../record/vocabulary.ts'
import { RecordWriter } from '../record/writer.ts'
import { VERSION } from '../version.ts'

/** Where a record keeps an agent's configuration, and in it the transcripts. */
const AGENT_FOLDER = 'agent'
export const TRANSCRIPT_FOLDER = `${AGENT_FOLDER}/projects/imported`

export interface ImportedCall {
  readonly command: string
  readonly startMs: number
  readonly endMs: number | null
}

export interface ImportedRun {
  /** What tells the run from every other; importing it again finds the same record. */
  readonly identity: readonly string[]
  readonly startedEpochMs: number
  readonly startupMs: number
  readonly durationMs: number
  readonly project: string | null
  /** Those that execute a command, in order of start. */
  readonly calls: readonly ImportedCall[]
  readonly samples: readonly Sample[]
  readonly sampleIntervalMs: number | null
  readonly origin: Omit<Origin, 'schema_version' | 'run_id' | 'imported_epoch_ms'>
}

export interface Imported {
  readonly folder: string
  /** It was there before. */
  readonly isKnown: boolean
}

const ID_DIGITS = 12

/** Writes the record into a folder of its own under `root`. `keep` adds the source's files before it is complete. */
export function writeImported(run: ImportedRun, root: string, keep: (folder: string) => void): Imported {
  const runId = createHash('sha256').update(run.identity.join('\0')).digest('hex').slice(0, ID_DIGITS)
  const folder = join(root, runId)
  if (existsSync(join(folder, 'run.json'))) return { folder, isKnown: true }
  using writer = RecordWriter.create(folder, runId)
  keep(folder)
  writer.events(eventsOf(run))
  writer.sample({
    schema_version: SCHEMA_VERSION,
    run_id: runId,
    source: { container: run.samples.length > 0 ? 'podman-stats' : null, calls: null },
  })
  for (const sample of run.samples) writer.sample(sample)
  writer.origin({
    schema_version: SCHEMA_VERSION,
    run_id: runId,
    imported_epoch_ms: Date.now(),
    ...run.origin,
  })
  writer.result(resultOf(run, runId))
  // Last, since a folder without it is no record.
  writer.run({
    schema_version: SCHEMA_VERSION,
    run_id: runId,
    acg_version: VERSION,
    started_epoch_ms: run.startedEpochMs,
    agent: 'claude',
    command: ['claude'],
    project: run.project,
    agent_config: AGENT_FOLDER,
    container: null,
    podman: null,
    supervisor: null,
    watch: 'none',
    control: 'off',
    pool: null,
    sample_interval_ms: run.sampleIntervalMs,
    host_ports: [],
    notes: [NOTE],
  })
  return { folder, isKnown: false }
}

const NOTE = 'imported: acg did not see its processes, and kinds of calls are guessed from their commands'

function eventsOf({ calls, startupMs, durationMs }: ImportedRun): RecordEvent[] {
  const events: Exclude<RecordEvent, { event: 'header' }>[] = [
    { event: 'run_phase', time_ms: startupMs, phase: 'go' },
    ...calls.flatMap(({ command, startMs, endMs }, at) => {
      const kind = guessKind(command)
      const call = at + 1
      return [
        { event: 'call_start' as const, time_ms: startMs, call, root: null, guessed_kind: kind, command },
        ...(endMs === null
          ? []
          : [{ event: 'call_end' as const, time_ms: endMs, call, kind, exit_code: null, signal: null }]),
      ]
    }),
    { event: 'run_phase', time_ms: durationMs, phase: 'agent_exit' },
  ]
  return events.sort((one, other) => one.time_ms - other.time_ms)
}

function resultOf(run: ImportedRun, runId: string): Result {
  const calls = run.calls.map(callOf)
  const intervals = run.calls.map(({ startMs, endMs }) => ({ startMs, endMs: endMs ?? run.durationMs }))
  const peak = run.samples.reduce<number | null>(
    (most, { memory_bytes: bytes }) => (bytes === null ? most : Math.max(most ?? 0, bytes)),
    null,
  )
  return {
    schema_version: SCHEMA_VERSION,
    run_id: runId,
    agent: 'claude',
    started_epoch_ms: run.startedEpochMs,
    ending: 'unknown',
    reason: 'imported: how it ended is not recorded',
    exit_code: null,
    signal: null,
    acg_exit_code: null,
    duration_ms: run.durationMs,
    phases: phases(run.startupMs, run.durationMs, intervals),
    peak: { bytes: peak, source: peak === null ? null : 'podman-stats', call: null },
    watch: { power: 'none', complete: false },
    processes: null,
    calls,
    notes: [NOTE],
  }
}

function callOf({ command, startMs, endMs }: ImportedCall, at: number): Call {
  const kind = guessKind(command)
  return {
    call: at + 1,
    start_ms: startMs,
    end_ms: endMs,
    exit_code: null,
    signal: null,
    command,
    command_truncated: false,
    guessed_kind: kind,
    kind,
    program: null,
    root: null,
    processes: null,
    peak_bytes: null,
    peak_source: null,
    background: [],
  }
}
