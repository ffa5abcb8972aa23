// The record's files, once: the types that the code uses, and the JSON Schema that is published in
// docs/schema and that tests validate real records against. Explained in docs/record.md.
//
// Times are milliseconds since the run began (`started_epoch_ms` of run.json), on the monotonic clock.

import * as v from 'valibot'
import {
  CONTROLS,
  ENDINGS,
  KINDS,
  ORIGINS,
  PRIORITIES,
  SCHEMA_VERSION,
  USAGE_SOURCES,
  WATCH_POWERS,
} from './vocabulary.ts'

export type * from './vocabulary.ts'

const nullable = v.nullable
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const milliseconds = v.number()
const bytes = count

const schemaVersion = v.literal(SCHEMA_VERSION)
const kind = v.picklist(KINDS)
const usageSource = v.picklist(USAGE_SOURCES)
const processId = v.strictObject({ pid: count, start_ticks: count })

export const RunSchema = v.strictObject({
  schema_version: schemaVersion,
  run_id: v.string(),
  acg_version: v.string(),
  started_epoch_ms: v.number(),
  agent: v.string(),
  command: v.array(v.string()),
  project: nullable(v.string()),
  agent_config: nullable(v.string()),
  container: nullable(v.string()),
  podman: nullable(v.strictObject({ rootless: v.boolean(), arguments: v.array(v.string()) })),
  supervisor: nullable(processId),
  watch: v.picklist(WATCH_POWERS),
  control: v.picklist(CONTROLS),
  pool: nullable(v.strictObject({ memory_bytes: bytes, priority: v.picklist(PRIORITIES) })),
  sample_interval_ms: nullable(v.number()),
  host_ports: v.array(count),
  notes: v.array(v.string()),
})
export type Run = v.InferOutput<typeof RunSchema>

const eventTime = { time_ms: milliseconds }
const processEvent = { ...eventTime, pid: count, start_ticks: count }

/** What was decided about a call's memory. What the kernel did by itself, or needs no reason, has null for the reasons. */
const LimitSchema = v.strictObject({
  event: v.literal('limit'),
  ...eventTime,
  call: count,
  /** `admitted`: it had to wait at its beginning. */
  action: v.picklist(['admitted', 'frozen', 'thawed', 'killed', 'run_ended']),
  by: v.picklist(['acg', 'kernel']),
  /** False where acg only observes. */
  done: v.boolean(),
  /** Whether the model was told, on the call's own standard error. */
  told: v.boolean(),
  /** Of the whole run; null if it had none, and the machine was out of memory. */
  limit_bytes: nullable(bytes),
  peak_bytes: nullable(bytes),
  granted_bytes: nullable(bytes),
  budget_bytes: nullable(bytes),
  /** What all calls could have together. */
  room_bytes: nullable(bytes),
  others_bytes: nullable(bytes),
  /** What it lacked, since other runs of the user's pool held it. */
  elsewhere_bytes: nullable(bytes),
  held_ms: nullable(milliseconds),
  stalled_ms: nullable(milliseconds),
})
export type LimitEvent = v.InferOutput<typeof LimitSchema>

export const EventSchema = v.variant('event', [
  v.strictObject({ event: v.literal('header'), schema_version: schemaVersion, run_id: v.string() }),
  v.strictObject({ event: v.literal('fork'), ...processEvent, parent: nullable(processId) }),
  v.strictObject({
    event: v.literal('exec'),
    ...processEvent,
    file: nullable(v.string()),
    interpreter: nullable(v.string()),
    argv: v.array(v.string()),
    argv_truncated: v.boolean(),
    cwd: nullable(v.string()),
    stdin_pipe: nullable(count),
    stdout_pipe: nullable(count),
  }),
  v.strictObject({
    event: v.literal('exit'),
    ...processEvent,
    exit_code: nullable(count),
    signal: nullable(count),
  }),
  v.strictObject({
    event: v.literal('call_start'),
    ...eventTime,
    call: count,
    root: nullable(processId),
    guessed_kind: kind,
    command: v.string(),
  }),
  v.strictObject({
    event: v.literal('call_end'),
    ...eventTime,
    call: count,
    kind,
    exit_code: nullable(count),
    signal: nullable(count),
  }),
  v.strictObject({ event: v.literal('call_retracted'), ...eventTime, call: count, why: v.string() }),
  v.strictObject({
    event: v.literal('run_phase'),
    ...eventTime,
    phase: v.picklist(['go', 'paused', 'resumed', 'agent_exit']),
  }),
  v.strictObject({ event: v.literal('loss'), ...eventTime, lost_events: count, lost_processes: count }),
  LimitSchema,
  v.strictObject({ event: v.literal('watch_ended'), ...eventTime, why: v.string() }),
])
export type RecordEvent = v.InferOutput<typeof EventSchema>

export const SampleSchema = v.strictObject({
  time_ms: milliseconds,
  memory_bytes: nullable(bytes),
  cpu_percent: nullable(v.number()),
  memory_pressure_some_us: nullable(count),
  calls: v.array(v.strictObject({ call: count, memory_bytes: bytes })),
})
export type Sample = v.InferOutput<typeof SampleSchema>

export const SamplesHeaderSchema = v.strictObject({
  schema_version: schemaVersion,
  run_id: v.string(),
  source: v.strictObject({ container: nullable(usageSource), calls: nullable(usageSource) }),
})
export type SamplesHeader = v.InferOutput<typeof SamplesHeaderSchema>

export const SampleLineSchema = v.union([SamplesHeaderSchema, SampleSchema])

const call = v.strictObject({
  call: count,
  start_ms: milliseconds,
  end_ms: nullable(milliseconds),
  exit_code: nullable(count),
  signal: nullable(count),
  command: v.string(),
  command_truncated: v.boolean(),
  guessed_kind: kind,
  kind,
  /** The program that proves the kind, by name. */
  program: nullable(v.string()),
  root: nullable(processId),
  processes: nullable(count),
  peak_bytes: nullable(bytes),
  peak_source: nullable(usageSource),
  background: v.array(v.strictObject({ ...processId.entries, argv: v.array(v.string()) })),
})
export type Call = v.InferOutput<typeof call>

export const ResultSchema = v.strictObject({
  schema_version: schemaVersion,
  run_id: v.string(),
  agent: v.string(),
  started_epoch_ms: v.number(),
  /** How the run ended: `lost` when acg or the container's own processes were killed. */
  ending: v.picklist(ENDINGS),
  reason: v.string(),
  exit_code: nullable(count),
  signal: nullable(count),
  acg_exit_code: nullable(count),
  duration_ms: milliseconds,
  phases: v.strictObject({ startup_ms: milliseconds, thinking_ms: milliseconds, calls_ms: milliseconds }),
  peak: v.strictObject({ bytes: nullable(bytes), source: nullable(usageSource), call: nullable(count) }),
  watch: v.strictObject({ power: v.picklist(WATCH_POWERS), complete: v.boolean() }),
  processes: nullable(v.strictObject({ runtime: count, service: count, call: count, housekeeping: count })),
  calls: v.array(call),
  notes: v.array(v.string()),
})
export type Result = v.InferOutput<typeof ResultSchema>

/** Only in the record of a run that acg did not run itself. */
export const OriginSchema = v.strictObject({
  schema_version: schemaVersion,
  run_id: v.string(),
  origin: v.picklist(ORIGINS),
  imported_epoch_ms: v.number(),
  /** Of the study's data: which of its sets and tasks, and every attempt at it, of which the last is this run. */
  set: nullable(v.string()),
  task: nullable(v.string()),
  attempts: v.array(v.strictObject({ name: v.string(), duration_ms: nullable(milliseconds) })),
  succeeded: nullable(v.boolean()),
  /** What of the source could not be used. */
  losses: v.array(v.strictObject({ file: v.string(), at: nullable(v.string()), seen: v.string(), count })),
})
export type Origin = v.InferOutput<typeof OriginSchema>

/** File name in the run's folder → what one of its documents, or lines, must be. */
export const RECORD_FILES = {
  'run.json': RunSchema,
  'events.jsonl': EventSchema,
  'samples.jsonl': SampleLineSchema,
  'result.json': ResultSchema,
  'origin.json': OriginSchema,
} as const
