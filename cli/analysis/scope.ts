// Which runs a report is about, and how they are grouped. Rows end in a group's key (`.haiku`), or in `.all` for
// the main groups together.

import type { RunSummary } from './summary.ts'
import type { Thinking } from './thinking.ts'

export interface Group {
  readonly key: string
  /** How definitions speak of its runs. */
  readonly label: string
  /** In order of their tasks' names; runs that are not valid are not here. */
  readonly runs: readonly RunSummary[]
  readonly thinking: Thinking
}

export interface Scope {
  readonly main: readonly Group[]
  /** The study's pilot: another machine, earlier versions; never pooled with the main groups. */
  readonly pilot: Group | null
}

export function allRuns({ main }: Scope): RunSummary[] {
  return main.flatMap(({ runs }) => runs)
}

/** Runs by task, the groups in order. A task has one run a group at most. */
export function byTask(runs: readonly RunSummary[]): Map<string, RunSummary[]> {
  return Map.groupBy(runs, ({ task }) => task)
}

/** The names of the tasks that have a run in every main group; none where there is one group alone. */
export function commonTasks({ main }: Scope): ReadonlySet<string> {
  const [first, ...others] = main.map(({ runs }) => new Set(runs.map(({ task }) => task)))
  if (first === undefined || others.length === 0) return new Set()
  return others.reduce((common, names) => common.intersection(names), first)
}

/** The group's runs of common tasks. */
export function commonRuns(scope: Scope, { runs }: Group): RunSummary[] {
  const common = commonTasks(scope)
  return runs.filter(({ task }) => common.has(task))
}

const LEAST_SAMPLES = 10
const LEAST_SECONDS = 60

/** The study's rule for a run long enough to be told of. */
export function isValid({ collected }: RunSummary): boolean {
  return (collected?.sampleCount ?? 0) >= LEAST_SAMPLES && (collected?.seconds ?? 0) >= LEAST_SECONDS
}
