// The pilot set: its peaks by category of task, its one extreme task, and the attempts at another that the study
// takes for repetitions. Categories come from the tasks' names (`Category_Level`); three rows are about one task each.

import { firstFrom, maximum } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import type { Call, LoadedRun, Series } from './run.ts'
import { allRuns, type Group, type Scope } from './scope.ts'
import {
  derived,
  type Figure,
  largest,
  type Maybe,
  mean,
  ratio,
  share,
  smallest,
  span,
  tally,
  variation,
} from './statistics.ts'
import type { RunSummary } from './summary.ts'

const EXTREME_TASK = 'Medical_Bio_Hard'
const QUIET_TASK = 'Web_Network_Hard'
const REPEATED_TASK = 'DevOps_Build_Hard'
/** The attempts that the study prints. */
const PRINTED_ATTEMPTS = [1, 2, 3] as const

const NEAR_PEAK = 0.8
const HIGH_MB = 1000

export interface Excursion {
  readonly samples: number
  readonly nearPeak: number
  readonly high: number
  /** Of each Bash call in the trace that holds a sample, the largest one. */
  readonly bashPeaksMb: readonly number[]
}

export function excursionOf({ samples, trace }: LoadedRun): Excursion {
  const values = samples.clean.value
  const peak = maximum(values) ?? 0
  const bash = trace?.calls.filter(({ tool }) => tool === 'Bash') ?? []
  return {
    samples: values.length,
    nearPeak: values.filter((value) => value >= NEAR_PEAK * peak).length,
    high: values.filter((value) => value > HIGH_MB).length,
    bashPeaksMb: bash.flatMap((call) => largestIn(samples.clean, call) ?? []),
  }
}

function largestIn({ epoch, value }: Series, { start, end }: Call): Maybe {
  let most: Maybe = null
  for (let at = firstFrom(epoch, start); at < epoch.length && (epoch[at] as number) <= end; at++) {
    const mb = value[at] as number
    most = Math.max(most ?? mb, mb)
  }
  return most
}

export const pilot: Question = {
  paper: ({ pilot }) => (pilot ? paperRows(pilot) : []),
  corrected: (scope) => (scope.pilot ? correctedRows(scope.pilot, scope) : []),
}

const peakOf = ({ collected }: RunSummary): Maybe => collected?.memoryMb.max ?? null
const named = ({ runs }: Group, task: string) => runs.filter((run) => run.task === task)

/** Runs by category: `ML_Scientific` of `ML_Scientific_Hard`. */
function categories({ runs }: Group): Map<string, RunSummary[]> {
  return Map.groupBy(runs, ({ task }) => (task.includes('_') ? task.slice(0, task.lastIndexOf('_')) : task))
}

function paperRows(group: Group): Draft[] {
  const { key, label, runs } = group
  const peaks = runs.map(peakOf)
  const row = (id: string, unit: string, figure: Figure, definition: string) =>
    draft(`${id}.${key}`, unit, figure, definition)
  const byCategory = [...categories(group)].map(([name, each]) => [name, largest(each.map(peakOf))] as const)
  const peaksOf = (name: string) => (categories(group).get(name) ?? []).map(peakOf)
  const [extreme] = named(group, EXTREME_TASK)
  const one = (value: Maybe | undefined): Figure => ({ value: value ?? null, n: extreme ? 1 : 0 })
  const attempts = named(group, REPEATED_TASK).flatMap(({ attempts }) => attempts)
  return [
    row('peak_mem.min', 'MB', smallest(peaks), `Least of the collector's peak memory, over ${label}.`),
    row('peak_mem.max', 'MB', largest(peaks), `Largest of the collector's peak memory, over ${label}.`),
    row(
      'peak_mem.cv',
      '%',
      variation(peaks),
      `Sample standard deviation over mean of the collector's peak memory, over ${label}.`,
    ),
    row(
      'peak_mem.span',
      'x',
      span(peaks),
      `Largest over least of the collector's peak memory, over ${label}.`,
    ),
    ...byCategory.map(([name, figure]) =>
      row(
        `category.${name.toLowerCase()}.peak_max_mb`,
        'MB',
        figure,
        `Largest of the collector's peak memory, over the tasks ${name}_*; of the container, not of its Bash calls.`,
      ),
    ),
    row(
      'category.peak_ratio',
      'x',
      span(byCategory.map(([, { value }]) => value)),
      'Largest over least of the category.*.peak_max_mb.',
    ),
    row(
      'category.medical_over_web_min',
      'x',
      derived([largest(peaksOf('Medical_Bio')), smallest(peaksOf('Web_Network'))], (most, least) =>
        ratio(most!, least!),
      ),
      'Largest peak of the tasks Medical_Bio_* over the least of Web_Network_*: the two that the study names.',
    ),
    row(
      'extreme.peak_mb',
      'MB',
      one(extreme && peakOf(extreme)),
      `The collector's peak memory of ${EXTREME_TASK}.`,
    ),
    row(
      'extreme.avg_mb',
      'MB',
      one(extreme?.collected?.memoryMb.average),
      `The collector's average memory of ${EXTREME_TASK}.`,
    ),
    row(
      'extreme.ratio',
      'x',
      one(ratio(extreme ? peakOf(extreme) : null, extreme?.collected?.memoryMb.average ?? null)),
      `Peak over average of ${EXTREME_TASK}, the one task behind the study's headline.`,
    ),
    row(
      'extreme.near_peak_samples',
      'samples',
      extreme ? tally(extreme.excursion.nearPeak, extreme.excursion.samples) : one(null),
      `Samples of ${EXTREME_TASK} at ${NEAR_PEAK * 100} % of its peak or more.`,
    ),
    row(
      'extreme.over_1gb_share',
      '%',
      extreme ? share(extreme.excursion.high, extreme.excursion.samples) : one(null),
      `Share of the samples of ${EXTREME_TASK} above ${HIGH_MB} MB.`,
    ),
    ...PRINTED_ATTEMPTS.map((number) => {
      const seconds = attempts.find(({ name }) => name === `attempt_${number}`)?.seconds ?? null
      return row(
        `repeat.attempt_${number}_s`,
        's',
        { value: seconds, n: seconds === null ? 0 : 1 },
        `Time of the container in attempt ${number} at ${REPEATED_TASK}. An attempt follows a failure; it repeats nothing.`,
      )
    }),
    row(
      'repeat.spread',
      'x',
      span(attempts.map(({ seconds }) => seconds)),
      `Longest over shortest attempt at ${REPEATED_TASK}.`,
    ),
  ]
}

function correctedRows(group: Group, scope: Scope): Draft[] {
  const { key, label, runs } = group
  const row = (id: string, unit: string, figure: Figure, definition: string) =>
    draft(`${id}.${key}`, unit, figure, definition)
  const others = runs.filter(({ task }) => task !== EXTREME_TASK).map(peakOf)
  const byCategory = [...categories(group)].map(([name, each]) => [name, mean(each.map(peakOf))] as const)
  const bashPeaks = (task: string) =>
    mean(named(group, task).flatMap(({ excursion }) => excursion.bashPeaksMb))
  const [extreme] = named(group, EXTREME_TASK)
  const mainRatios = allRuns(scope).map(({ collected }) =>
    ratio(collected?.memoryMb.max ?? null, collected?.memoryMb.average ?? null),
  )
  const bashRow = (task: string) =>
    row(
      `bash_call_peak.${task.toLowerCase()}.mean_mb`,
      'MB',
      bashPeaks(task),
      `Mean over the Bash calls in the trace of ${task} that hold a sample of the largest one in the call.`,
    )
  return [
    row(
      'peak_mem.cv',
      '%',
      variation(others),
      `Sample standard deviation over mean of the collector's peak memory, over ${label} but ${EXTREME_TASK}.`,
    ),
    row(
      'peak_mem.span',
      'x',
      span(others),
      `Largest over least of the collector's peak memory, over ${label} but ${EXTREME_TASK}.`,
    ),
    ...byCategory.map(([name, figure]) =>
      row(
        `category.${name.toLowerCase()}.peak_mean_mb`,
        'MB',
        figure,
        `Mean of the collector's peak memory, over the tasks ${name}_*.`,
      ),
    ),
    row(
      'category.peak_ratio',
      'x',
      span(byCategory.map(([, { value }]) => value)),
      'Largest over least of the category.*.peak_mean_mb.',
    ),
    bashRow(EXTREME_TASK),
    bashRow(QUIET_TASK),
    row(
      'bash_call_peak.ratio',
      'x',
      derived([bashPeaks(EXTREME_TASK), bashPeaks(QUIET_TASK)], (most, least) => ratio(most!, least!)),
      `The first over the second of the two bash_call_peak rows: what an average peak of Bash calls comes to.`,
    ),
    row(
      'extreme.ratio',
      'x',
      largest(mainRatios),
      "Largest of the collector's peak over average memory, over the valid runs of the main groups.",
    ),
    row(
      'extreme.near_peak_samples',
      'samples',
      extreme ? tally(extreme.excursion.high, extreme.excursion.samples) : { value: null, n: 0 },
      `Samples of ${EXTREME_TASK} above ${HIGH_MB} MB, about one a second: how long its excursion lasts.`,
    ),
  ]
}
