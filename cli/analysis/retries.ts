// Commands tried again, and the memory that stays after them. The study takes any three Bash calls in a row for
// retries; `corrected` takes three test runs with no other Bash call between, and says which repeat one command.

import { categoryOf, TIME_ORDER } from './bash-categories.ts'
import { firstFrom, lastUntil } from './columns.ts'
import { unionSeconds } from './intervals.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import { type Call, callSeconds, type LoadedRun, type Series } from './run.ts'
import type { Group } from './scope.ts'
import { type Figure, largest, type Maybe, mean, ratio, share, sum, tally } from './statistics.ts'
import type { RunSummary } from './summary.ts'

const LEAST_CALLS = 3

interface ModeRetries {
  readonly groups: number
  readonly longest: number
  readonly seconds: number
  /** Memory kept: of all groups together in `paper`, of the worst one in `corrected`. */
  readonly keptMb: Maybe
}

export interface Retries extends Readonly<Record<Mode, ModeRetries>> {
  readonly repeatsCommand: boolean
}

export function retriesOf(run: LoadedRun): Retries {
  const { samples, listedCalls } = run
  const { epoch, cutMb, clean } = samples
  const anyBash = groupsOf(listedCalls, ({ tool }) => tool === 'Bash')
  const inTime = listedCalls
    .filter(({ tool }) => tool === 'Bash')
    .sort((one, other) => one.start - other.start)
  const tests = groupsOf(inTime, (call) => categoryOf(call, TIME_ORDER) === 'test')
  return {
    paper: {
      ...sizes(anyBash),
      seconds: anyBash.flat().reduce((total, call) => total + callSeconds(call), 0),
      keptMb: anyBash.reduce(
        (total, group) => total + Math.max(0, keptMb({ epoch, value: cutMb }, group) ?? 0),
        0,
      ),
    },
    corrected: {
      ...sizes(tests),
      seconds: unionSeconds(tests.flat()),
      keptMb: largest(tests.map((group) => keptMb(clean, group))).value,
    },
    repeatsCommand: tests.some(repeats),
  }
}

/** The first sample after a group less the last one before it; null without either. */
function keptMb({ epoch, value }: Series, group: readonly Call[]): Maybe {
  const before = lastUntil(
    epoch,
    group.reduce((first, { start }) => Math.min(first, start), Number.POSITIVE_INFINITY),
  )
  const after = firstFrom(
    epoch,
    group.reduce((last, { end }) => Math.max(last, end), Number.NEGATIVE_INFINITY),
  )
  if (before < 0 || after >= epoch.length) return null
  return (value[after] as number) - (value[before] as number)
}

function sizes(groups: readonly (readonly Call[])[]): Pick<ModeRetries, 'groups' | 'longest'> {
  return { groups: groups.length, longest: groups.reduce((most, group) => Math.max(most, group.length), 0) }
}

/** The longest stretches of calls that all belong, LEAST_CALLS at least. */
function groupsOf(calls: readonly Call[], belongs: (call: Call) => boolean): Call[][] {
  const groups: Call[][] = [[]]
  for (const call of calls) {
    if (belongs(call)) groups.at(-1)?.push(call)
    else groups.push([])
  }
  return groups.filter((group) => group.length >= LEAST_CALLS)
}

function repeats(group: readonly Call[]): boolean {
  const words = group.map(({ command }) => command.trim().replace(/\s+/g, ' '))
  return words.some((each, at) => each === words[at + 1] && each === words[at + 2])
}

export const retries: Question = {
  paper: ({ main }) => main.flatMap(paperRows),
  corrected: ({ main }) => main.flatMap(correctedRows),
}

const GROUP: Readonly<Record<Mode, string>> = {
  paper: `a group is a longest stretch of at least ${LEAST_CALLS} Bash calls that follow each other in the collector's list, whatever they execute`,
  corrected: `a group is a longest stretch of at least ${LEAST_CALLS} listed Bash calls of category test, in order of time, with no other Bash call between`,
}

function common({ key, label, runs }: Group, mode: Mode): { with: RunSummary[]; rows: Draft[] } {
  const having = runs.filter(({ retries }) => retries[mode].groups > 0)
  const definition = `those of ${label} with a group of retries: ${GROUP[mode]}.`
  return {
    with: having,
    rows: [
      draft(
        `retry.tasks.${key}`,
        'runs',
        tally(having.length, runs.length),
        `How many there are of ${definition}`,
      ),
      draft(`retry.task_share.${key}`, '%', share(having.length, runs.length), `Share of ${definition}`),
    ],
  }
}

const seconds =
  (mode: Mode) =>
  (run: RunSummary): Maybe => {
    const part = ratio(run.retries[mode].seconds, run.durations.run)
    return part === null ? null : 100 * part
  }

function paperRows(group: Group): Draft[] {
  const { key, label, runs } = group
  const { with: having, rows } = common(group, 'paper')
  const row = (name: string, unit: string, figure: Figure, definition: string) =>
    draft(`retry.${name}.${key}`, unit, figure, `${definition}; ${GROUP.paper}.`)
  const groups = (of: readonly RunSummary[]) => mean(of.map(({ retries }) => retries.paper.groups))
  return [
    ...rows,
    row('groups_mean', 'groups', groups(having), `Mean number of groups in those of ${label} that have one`),
    row('groups_mean_all_runs', 'groups', groups(runs), `Mean number of groups over ${label}`),
    row(
      'max_run',
      'calls',
      largest(having.map(({ retries }) => retries.paper.longest)),
      `Calls in the largest group, ${label}`,
    ),
    row(
      'time_share',
      '%',
      mean(having.map(seconds('paper'))),
      `Durations of the calls in groups added up, as a share of the container's time; mean over those of ${label} that have a group`,
    ),
    row(
      'accum_max_mb',
      'MB',
      largest(runs.map(({ retries }) => retries.paper.keptMb)),
      `Memory that a group leaves (first sample after it less the last before it, study's cutting parser), the growth of a run's groups added up; the largest of ${label}`,
    ),
  ]
}

function correctedRows(group: Group): Draft[] {
  const { key, label, runs } = group
  const of = (value: (run: RunSummary) => Maybe) => runs.map(value)
  const row = (name: string, unit: string, figure: Figure, definition: string) =>
    draft(`retry.${name}.${key}`, unit, figure, `${definition}; ${GROUP.corrected}.`)
  return [
    ...common(group, 'corrected').rows,
    row(
      'groups_total',
      'groups',
      sum(of(({ retries }) => retries.corrected.groups)),
      `Number of groups in ${label}`,
    ),
    row(
      'groups_mean',
      'groups',
      mean(of(({ retries }) => retries.corrected.groups)),
      `Mean number of groups over ${label}`,
    ),
    row(
      'max_run',
      'calls',
      largest(of(({ retries }) => retries.corrected.longest)),
      `Calls in the largest group, ${label}; 0 if there is none`,
    ),
    row(
      'time_share',
      '%',
      mean(of(seconds('corrected'))),
      `Time in which a call of a group ran, as a share of the container's time; mean over ${label}`,
    ),
    row(
      'accum_max_mb',
      'MB',
      largest(of(({ retries }) => retries.corrected.keptMb)),
      `Memory that one group leaves (first sample after it less the last before it); the largest of ${label}`,
    ),
    row(
      'same_command_tasks',
      'runs',
      tally(runs.filter(({ retries }) => retries.repeatsCommand).length, runs.length),
      `Those of ${label} in which three calls of a group in succession have the same command, white space aside`,
    ),
  ]
}
