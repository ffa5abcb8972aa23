// How a run's time divides: preparing the image, starting up, tools, and the model. The study adds up the calls'
// durations, so that parallel calls and those inside a sub-agent's call count twice; `corrected` takes the union.

import { unionSeconds } from './intervals.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import { callSeconds, callsOf, type LoadedRun } from './run.ts'
import type { Group, Scope } from './scope.ts'
import { derived, type Figure, largest, type Maybe, mean, median, ratio, smallest } from './statistics.ts'
import type { RunSummary } from './summary.ts'

/** Seconds in calls, by mode. */
export type ToolSeconds = Readonly<Record<Mode, number>>

export function toolSecondsOf(run: LoadedRun): ToolSeconds {
  const calls = callsOf(run)
  return {
    paper: calls.reduce((sum, call) => sum + callSeconds(call), 0),
    corrected: unionSeconds(calls),
  }
}

const MEANT: Readonly<Record<Mode, string>> = {
  paper: 'time in calls (their durations added up, so that parallel and nested ones count twice)',
  corrected: 'time in calls (moments in which at least one call ran)',
}

const percent = (part: Maybe, whole: Maybe): Maybe => {
  const value = ratio(part, whole)
  return value === null ? null : 100 * value
}
const minus = (one: Maybe, other: Maybe): Maybe => (one === null || other === null ? null : one - other)
const plus = (one: Maybe, other: Maybe): Maybe => (one === null || other === null ? null : one + other)

export const timeShares: Question = {
  paper: (scope) => rows(scope, 'paper'),
  corrected: (scope) => rows(scope, 'corrected'),
}

function rows(scope: Scope, mode: Mode): Draft[] {
  return scope.main.flatMap((group) => [
    ...ofActiveTime(group, mode),
    ...ofRun(group, mode),
    ...withPreparation(group, scope, mode),
  ])
}

function ofActiveTime({ key, label, runs }: Group, mode: Mode): Draft[] {
  const shares = runs.map(({ durations, toolSeconds }) => percent(toolSeconds[mode], durations.active))
  const row = (name: string, word: string, figure: Figure) =>
    draft(
      `tool_time.ratio_${name}.${key}`,
      '%',
      figure,
      `${word} share of ${MEANT[mode]} in the time from the trace's first record to its last, over ${label}.`,
    )
  return [
    row('mean', 'Mean', mean(shares)),
    row('median', 'Median', median(shares)),
    row('min', 'Smallest', smallest(shares)),
    row('max', 'Largest', largest(shares)),
  ]
}

function ofRun({ key, label, runs }: Group, mode: Mode): Draft[] {
  const meanShare = (part: (run: RunSummary) => Maybe) =>
    mean(runs.map((run) => percent(part(run), run.durations.run)))
  const row = (name: string, figure: Figure, what: string) =>
    draft(
      `e2e.${name}.${key}`,
      '%',
      figure,
      `${what}; mean of the shares in the container's time, over ${label}.`,
    )
  const model = meanShare(({ durations, toolSeconds }) => minus(durations.active, toolSeconds[mode]))
  return [
    ...(mode === 'paper'
      ? [
          row(
            'init_share',
            meanShare(({ durations }) => minus(durations.run, durations.active)),
            'The container’s time outside the trace',
          ),
        ]
      : []),
    row(
      'tool_share',
      meanShare(({ toolSeconds }) => toolSeconds[mode]),
      MEANT[mode].replace('time', 'Time'),
    ),
    row('llm_share', model, `The trace's time less the ${MEANT[mode]}: the model at work`),
    row(
      'os_share',
      derived([model], (value) => 100 - value),
      'What is not the model’s share: start-up and tools together',
    ),
  ]
}

function withPreparation({ key, label, runs }: Group, scope: Scope, mode: Mode): Draft[] {
  // The study looked the time up by the task's name alone: of two groups that ran a task, the later one's counts.
  const byName = new Map(
    scope.main.flatMap((group) =>
      group.runs.map(({ task, durations }) => [task, durations.imagePreparation] as const),
    ),
  )
  const preparation = ({ task, durations }: RunSummary): Maybe =>
    mode === 'paper' ? (byName.get(task) ?? null) : durations.imagePreparation
  const whose =
    mode === 'paper'
      ? 'the preparation time looked up by the task’s name, so that a run can get that of another group'
      : 'each run with its own preparation time'
  const row = (name: string, part: (run: RunSummary) => Maybe, what: string) =>
    draft(
      `e2e_full.${name}.${key}`,
      '%',
      mean(runs.map((run) => percent(part(run), plus(preparation(run), run.durations.run)))),
      `${what}, as a share of image preparation and the container's time together; mean over ${label}, ${whose}.`,
    )
  // Both modes of this row differ in the preparation time alone; calls are added up in both.
  const added = MEANT.paper
  return [
    row('permission_fix_share', preparation, 'Changing owners in the image and committing it'),
    row(
      'init_share',
      ({ durations }) => minus(durations.run, durations.active),
      'The container’s time outside the trace',
    ),
    row('tool_share', ({ toolSeconds }) => toolSeconds.paper, added.replace('time', 'Time')),
    row(
      'llm_share',
      ({ durations, toolSeconds }) => minus(durations.active, toolSeconds.paper),
      `The trace's time less the ${added}`,
    ),
  ]
}
