// One published run, read from its folder.

import type { LoadedRun } from '../../analysis/run.ts'
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
  const traced = readTrace(place(last, 'trace.jsonl'))
  const earlier = attempts.slice(0, -1).map((name) => readAttempt(name, place(name, 'results.json')))
  return {
    group: set,
    task,
    samples,
    summary,
    listedCalls: readToolCalls(place(last, 'tool_calls.json')),
    trace: traced?.trace ?? null,
    ...results,
    activeSeconds: traced?.activeSeconds ?? results.runSeconds,
    hasSucceeded: source.hasSucceeded,
    attempts: [...earlier, { name: last, seconds: results.runSeconds }],
  }
}
