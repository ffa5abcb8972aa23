// The study's runs as acg records. Each keeps the files that it was made from, so that a report of the record is
// that of the original, in both modes: the study's own definitions need what its collector printed.

import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { callsOf, type LoadedRun, type Samples } from '../../analysis/run.ts'
import type { RecordFolder } from '../../record/reader.ts'
import type { Origin, Sample } from '../../record/schema.ts'
import { type Imported, type ImportedRun, TRANSCRIPT_FOLDER, writeImported } from '../imported-record.ts'
import { LossLog } from '../losses.ts'
import type { TaskFolder } from './layout.ts'
import { loadFiles, loadRun, type RunFiles } from './load.ts'

const ORIGIN_FOLDER = 'origin'
const KEPT: Readonly<Record<keyof RunFiles, string>> = {
  resources: `${ORIGIN_FOLDER}/resources.json`,
  toolCalls: `${ORIGIN_FOLDER}/tool_calls.json`,
  results: `${ORIGIN_FOLDER}/results.json`,
  trace: `${TRANSCRIPT_FOLDER}/trace.jsonl`,
}

/** null if nothing of the run says when it was; `losses` says what was found instead. */
export function importRun(
  root: string,
  task: TaskFolder,
  hasSucceeded: boolean,
  into: string,
  losses: LossLog,
): Imported | null {
  const own = new LossLog()
  const run = loadRun(task, { root, losses: own, hasSucceeded })
  for (const { file, at, seen } of own.list()) losses.note(file, at, seen)
  const imported = importedRun(task, run, own)
  if (imported === null) {
    losses.note(task.folder, null, 'is not imported: nothing in it has a time')
    return null
  }
  const last = join(root, task.folder, task.attempts.at(-1) as string)
  return writeImported(imported, into, (folder) => {
    mkdirSync(join(folder, ORIGIN_FOLDER), { mode: 0o700 })
    mkdirSync(join(folder, TRANSCRIPT_FOLDER), { recursive: true, mode: 0o700 })
    for (const kept of Object.values(KEPT)) {
      const from = join(last, kept.slice(kept.lastIndexOf('/') + 1))
      if (existsSync(from)) copyFileSync(from, join(folder, kept))
    }
  })
}

/** The container's age at the first sample, which nobody recorded. */
const AGE_AT_FIRST_SAMPLE_MS = 250

function importedRun(task: TaskFolder, run: LoadedRun, losses: LossLog): ImportedRun | null {
  const calls = callsOf(run)
  const moments = [...run.samples.epoch, ...calls.flatMap(({ start, end }) => [start, end])]
  if (moments.length === 0) return null
  const started = startOf(run, moments)
  const since = (seconds: number) => Math.max(0, 1000 * seconds - started)
  const durationMs = run.runSeconds === null ? since(most(moments)) : 1000 * run.runSeconds
  const startupMs =
    run.activeSeconds === null || run.runSeconds === null
      ? 0
      : Math.max(0, 1000 * (run.runSeconds - run.activeSeconds))
  return {
    identity: ['agentcgroup', task.set, task.task, task.attempts.at(-1) as string, String(started)],
    startedEpochMs: started,
    startupMs,
    durationMs,
    project: null,
    calls: calls
      .filter(({ tool }) => tool === 'Bash')
      .map(({ command, start, end }) => ({ command, startMs: since(start), endMs: since(end) }))
      .sort((one, other) => one.startMs - other.startMs),
    samples: samplesOf(run.samples, since),
    sampleIntervalMs: null,
    origin: {
      origin: 'agentcgroup',
      set: task.set,
      task: task.task,
      attempts: run.attempts.map(({ name, seconds }) => ({
        name,
        duration_ms: seconds === null ? null : 1000 * seconds,
      })),
      succeeded: run.hasSucceeded,
      losses: losses.list(),
    },
  }
}

/**
 * In ms. A run was timed from `podman run` on, which first maps the image's owners: up to minutes before the container
 * and its first sample. What is known is that it ended with the container.
 */
function startOf({ samples, runSeconds }: LoadedRun, moments: readonly number[]): number {
  const first = samples.epoch[0]
  const seen = first === undefined ? 1000 * least(moments) : 1000 * first - AGE_AT_FIRST_SAMPLE_MS
  const last = samples.clean.epoch.at(-1) ?? most(moments)
  return runSeconds === null ? seen : Math.min(seen, 1000 * (last - runSeconds))
}

function least(values: readonly number[]): number {
  return values.reduce((one, other) => Math.min(one, other))
}

function most(values: readonly number[]): number {
  return values.reduce((one, other) => Math.max(one, other))
}

/** Those that were taken while the container was there. */
function samplesOf({ clean, rates }: Samples, since: (seconds: number) => number): Sample[] {
  const rateAt = new Map([...rates.epoch].map((time, at) => [time, rates.value[at] as number]))
  return [...clean.epoch].map((time, at) => ({
    time_ms: since(time),
    memory_bytes: Math.round((clean.value[at] as number) * 1e6),
    cpu_percent: rateAt.get(time) ?? null,
    memory_pressure_some_us: null,
    calls: [],
  }))
}

/** The run behind an imported record. */
export function originalRun({ folder }: RecordFolder, origin: Origin, losses: LossLog): LoadedRun {
  const place = (file: string) => ({ root: folder, file, losses })
  const files: RunFiles = {
    resources: place(KEPT.resources),
    toolCalls: place(KEPT.toolCalls),
    results: place(KEPT.results),
    trace: place(KEPT.trace),
  }
  const about = { group: origin.set ?? '', task: origin.task ?? '', hasSucceeded: origin.succeeded === true }
  return {
    ...loadFiles(files, about),
    attempts: origin.attempts.map(({ name, duration_ms: ms }) => ({
      name,
      seconds: ms === null ? null : ms / 1000,
    })),
  }
}
