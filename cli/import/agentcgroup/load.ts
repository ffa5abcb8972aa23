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
  const { samples, summary } = readResources(place(last, 'resources.json'))
  const results = readResults(place(last, 'results.json'))
  const listedCalls = readToolCalls(place(last, 'tool_calls.json'))
  const traced = readTrace(place(last, 'trace.jsonl'))
  noteStrays(listedCalls, samples, place(last, 'tool_calls.json'))
  noteStrays(traced?.trace.calls ?? [], samples, place(last, 'trace.jsonl'))
  const earlier = attempts.slice(0, -1).map((name) => readAttempt(name, place(name, 'results.json')))
  return {
    group: set,
    task,
    samples,
    summary,
    listedCalls,
    trace: traced?.trace ?? null,
    ...results,
    activeSeconds: traced?.activeSeconds ?? results.runSeconds,
    hasSucceeded: source.hasSucceeded,
    attempts: [...earlier, { name: last, seconds: results.runSeconds }],
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
