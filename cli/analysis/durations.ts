// How long runs take, and how long until the agent is at work.

import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import type { LoadedRun } from './run.ts'
import { allRuns, byTask, commonRuns } from './scope.ts'
import { type Figure, largest, type Maybe, mean, median } from './statistics.ts'

export interface Durations {
  readonly run: Maybe
  readonly active: Maybe
  readonly imagePreparation: Maybe
}

export function durationsOf(run: LoadedRun): Durations {
  return {
    run: run.runSeconds,
    active: run.activeSeconds,
    imagePreparation: run.imagePreparationSeconds,
  }
}

const minutes = (seconds: Maybe): Maybe => (seconds === null ? null : seconds / 60)

export const durations: Question = {
  paper(scope) {
    const runs = allRuns(scope)
    return [
      ...scope.main.map(({ key, label, runs }) =>
        draft(
          `exec_time.mean_min.${key}`,
          'min',
          mean(runs.map(({ durations }) => minutes(durations.run))),
          `Mean time from the container's start to its end, over ${label}.`,
        ),
      ),
      draft(
        'exec_time.median_min.all',
        'min',
        median(runs.map(({ durations }) => minutes(durations.run))),
        'Median time from the container’s start to its end, over the valid runs of the main groups.',
      ),
      ...startup(
        runs.map(({ durations }) => durations.imagePreparation),
        'time for changing owners in the image and committing it. The study calls it start-up, but it comes before the container',
      ),
      ...scope.main.map((group) =>
        draft(
          `exec_time.mean_common_s.${group.key}`,
          's',
          mean(commonRuns(scope, group).map(({ durations }) => durations.run)),
          `Mean time from the container's start to its end, over those of ${group.label} whose task the other group ran too.`,
        ),
      ),
    ]
  },
  corrected(scope) {
    const runs = allRuns(scope)
    const perTask = [...byTask(runs).values()].map(
      (each) => mean(each.map(({ durations }) => minutes(durations.run))).value,
    )
    const before = ({ run, active }: Durations): Maybe =>
      run === null || active === null ? null : run - active
    return [
      draft(
        'exec_time.median_min.all',
        'min',
        median(perTask),
        'Median over tasks of the time from the container’s start to its end; a task that was run in both groups enters once, with the mean of its runs.',
      ),
      ...startup(
        runs.map(({ durations }) => before(durations)),
        'part of the container’s time that lies outside the trace: set-up before the agent’s first record, and a little after its last. 0 for a run without a trace',
      ),
    ]
  },
}

function startup(seconds: readonly Maybe[], what: string): Draft[] {
  const row = (name: string, word: string, figure: Figure) =>
    draft(`startup.${name}_s.all`, 's', figure, `${word} ${what}; over the valid runs of the main groups.`)
  return [
    row('mean', 'Mean', mean(seconds)),
    row('median', 'Median', median(seconds)),
    row('max', 'Largest', largest(seconds)),
  ]
}
