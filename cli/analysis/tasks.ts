// How many runs there are, of which tasks, and how many the study's heuristic calls a success.

import type { Question } from './questions.ts'
import { draft } from './row.ts'
import { allRuns, byTask, commonTasks } from './scope.ts'
import { tally } from './statistics.ts'

export const tasks: Question = {
  paper(scope) {
    const each = [...scope.main, ...(scope.pilot ? [scope.pilot] : [])]
    return [
      ...scope.main.map(({ key, label, runs }) =>
        draft(`tasks.valid.${key}`, 'runs', tally(runs.length), `Number of ${label}.`),
      ),
      draft(
        'tasks.valid.all',
        'runs',
        tally(allRuns(scope).length),
        'Valid runs of the main groups together. A task that was run in two groups counts twice.',
      ),
      draft(
        'tasks.common.all',
        'tasks',
        tally(commonTasks(scope).size),
        'Tasks with a valid run in every main group.',
      ),
      ...(scope.pilot
        ? [
            draft(
              `tasks.valid.${scope.pilot.key}`,
              'tasks',
              tally(scope.pilot.runs.length),
              'Tasks of the pilot set; each counts by its last attempt, however short that was.',
            ),
          ]
        : []),
      ...each.map(({ key, label, runs }) =>
        draft(
          `success.count.${key}`,
          'runs',
          tally(runs.filter(({ hasSucceeded }) => hasSucceeded).length, runs.length),
          `Number of those of ${label} that the collector marked as successes. It judged by the agent's words, no test was run.`,
        ),
      ),
    ]
  },
  corrected(scope) {
    const names = byTask(allRuns(scope))
    const [first, ...others] = scope.main
    const elsewhere = new Set(others.flatMap(({ runs }) => runs.map(({ task }) => task)))
    const only = first?.runs.filter(({ task }) => !elsewhere.has(task)) ?? []
    return [
      draft(
        'tasks.valid.all',
        'tasks',
        tally(names.size, allRuns(scope).length),
        'Different tasks among the valid runs of the main groups; one that was run in two groups counts once.',
      ),
      ...(first && others.length > 0
        ? [
            draft(
              `tasks.${first.key}_only.all`,
              'tasks',
              tally(only.length, first.runs.length),
              `Tasks with a valid run in the first main group and in no other.`,
            ),
          ]
        : []),
    ]
  },
}
