// Memory over a run's course, runs of different length laid over each other; and where the peak is.

import { CURVE_POINTS, curve, peakPosition } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun } from './run.ts'
import { allRuns, byTask } from './scope.ts'
import { type Figure, largest, type Maybe, mean, median, smallest } from './statistics.ts'
import type { RunSummary } from './summary.ts'
import { STARTING_MB } from './thinking.ts'

export interface Trajectory {
  readonly curves: Readonly<Record<Mode, Float64Array | null>>
  readonly peakPosition: Readonly<Record<Mode, Maybe>>
}

export function trajectoryOf({ samples }: LoadedRun): Trajectory {
  return {
    curves: {
      paper: curve(samples.regexMb),
      corrected: curve(samples.clean.value.filter((value) => value > STARTING_MB)),
    },
    peakPosition: { paper: peakPosition(samples.regexMb), corrected: peakPosition(samples.clean.value) },
  }
}

/** Point by point; null without curves. Each is added as it comes, so that they need not all be there at once. */
export function meanCurve(curves: Iterable<Float64Array | null>): Float64Array | null {
  const sum = new Float64Array(CURVE_POINTS)
  let count = 0
  for (const curve of curves) {
    if (curve === null) continue
    for (let at = 0; at < CURVE_POINTS; at++) sum[at]! += curve[at] as number
    count++
  }
  return count === 0 ? null : sum.map((each) => each / count)
}

/** The curve behind the rows, for whoever draws it. */
export function aggregatedCurve(runs: readonly RunSummary[], mode: Mode): Float64Array | null {
  if (mode === 'paper') return meanCurve(runs.map(({ trajectory }) => trajectory.curves.paper))
  const perTask = byTask(runs)
    .values()
    .map((each) => meanCurve(each.map(({ trajectory }) => trajectory.curves.corrected)))
  return meanCurve(perTask)
}

export const trajectory: Question = {
  paper: (scope) => rows(scope, 'paper'),
  corrected: (scope) => rows(scope, 'corrected'),
}

const HALF = CURVE_POINTS / 2
/** The container starts before it. */
const SETTLED = 5

const CURVE: Readonly<Record<Mode, string>> = {
  paper: 'the mean over all valid runs of their memory (first parser of the study) on 100 points',
  corrected: `the mean over tasks of memory on 100 points, without samples of ${STARTING_MB} MB or less; runs of one task are averaged first`,
}

const PEAK: Readonly<Record<Mode, string>> = {
  paper: 'all samples, first parser of the study',
  corrected: 'samples of a container that is there',
}

function rows(scope: Parameters<Question[Mode]>[0], mode: Mode): Draft[] {
  const runs = allRuns(scope)
  const course = aggregatedCurve(runs, mode)
  const counted = mode === 'paper' ? runs.length : byTask(runs).size
  const row = (name: string, from: number, to: number, of: (values: number[]) => Figure, word: string) =>
    draft(
      `trajectory.${name}_mb.all`,
      'MB',
      course === null
        ? { value: null, n: 0 }
        : { value: of([...course.subarray(from, to)]).value, n: counted },
      `${word} of points ${from} to ${to - 1} of ${CURVE[mode]}.`,
    )
  return [
    row('first_half_mean', 0, HALF, mean, 'Mean'),
    row('second_half_mean', HALF, CURVE_POINTS, mean, 'Mean'),
    row('first_half_min', SETTLED, HALF, smallest, 'Least'),
    row('first_half_max', SETTLED, HALF, largest, 'Most'),
    ...[...scope.main, { key: 'all', label: 'the valid runs of the main groups', runs }].flatMap(
      ({ key, label, runs }) => {
        const positions = runs.map(({ trajectory }) => trajectory.peakPosition[mode])
        const definition = `how far into the samples the first largest one lies (0 is the first, 100 the last), over ${label}; ${PEAK[mode]}.`
        return [
          draft(`peak_position.mean.${key}`, '%', mean(positions), `Mean of ${definition}`),
          draft(`peak_position.median.${key}`, '%', median(positions), `Median of ${definition}`),
        ]
      },
    ),
  ]
}
