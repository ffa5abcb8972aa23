// One published run, read from its folder.

import type { Call, LoadedRun, Samples } from '../../analysis/run.ts'
import type { Place } from '../json-file.ts'
import type { LossLog } from '../losses.ts'
import type { TaskFolder } from './layout.ts'
import { readResources } from './resources.ts'
import { readAttempt, readResults } from './results.ts'
import { readToolCalls } from './tool-calls.ts'
import { readTrace } from './trace.ts'

export interface Source {
  /** The data set's folder. */
  readonly root: string
  readonly losses: LossLog
  readonly hasSucceeded: boolean
}

export function loadRun({ set, task, folder, attempts }: TaskFolder, source: Source): LoadedRun {
  const last = attempts.at(-1) as string
  const place = (attempt: string, name: string) => ({ ...source, file: `${folder}/${attempt}/${name}` })
  const earlier = attempts.slice(0, -1).map((name) => readAttempt(name, place(name, 'results.json')))
  const files = {
    resources: place(last, 'resources.json'),
    toolCalls: place(last, 'tool_calls.json'),
    results: place(last, 'results.json'),
    trace: place(last, 'trace.jsonl'),
  }
  const run = loadFiles(files, { group: set, task, hasSucceeded: source.hasSucceeded })
  return { ...run, attempts: [...earlier, { name: last, seconds: run.runSeconds }] }
}

export interface RunFiles {
  readonly resources: Place
  readonly toolCalls: Place
  readonly results: Place
  readonly trace: Place
}

/** A run from its files, wherever they are, without the attempts before it. */
export function loadFiles(
  files: RunFiles,
  about: Pick<LoadedRun, 'group' | 'task' | 'hasSucceeded'>,
): Omit<LoadedRun, 'attempts'> {
  const { samples, summary } = readResources(files.resources)
  const results = readResults(files.results)
  const listedCalls = readToolCalls(files.toolCalls)
  const traced = readTrace(files.trace)
  noteStrays(listedCalls, samples, files.toolCalls)
  noteStrays(traced?.trace.calls ?? [], samples, files.trace)
  return {
    ...about,
    samples,
    summary,
    listedCalls,
    trace: traced?.trace ?? null,
    ...results,
    activeSeconds: traced?.activeSeconds ?? results.runSeconds,
  }
}

const FAR_SECONDS = 3600

/** A call far from every sample has a wrong time, or the samples have. */
function noteStrays(calls: readonly Call[], { epoch }: Samples, { file, losses }: Place): void {
  const first = epoch[0]
  const last = epoch.at(-1)
  if (first === undefined || last === undefined) return
  for (const { start, end } of calls) {
    if (start < first - FAR_SECONDS || end > last + FAR_SECONDS) {
      losses.note(file, null, 'a call is more than an hour away from the samples')
    }
  }
}
