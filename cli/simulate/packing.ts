// The packing question: given runs and a machine, how many fit, by fixed reservations and by elastic budgets, and
// what the latter cost.

import { type Course, courseSeconds } from '../analysis/course.ts'
import { Pcg64 } from '../analysis/pcg64.ts'
import { type Draft, draft } from '../analysis/row.ts'
import { type Figure, largest, mean, percentile, share as shareOf, tally } from '../analysis/statistics.ts'
import { type Shared, share } from './elastic.ts'
import { fit, MOST_RUNS, RESERVATIONS, type Reservation } from './reservations.ts'

export interface Setting {
  readonly machineMb: number
  readonly seed: number
  readonly repeats: number
  /** How long each repeat lasts. */
  readonly seconds: number
  /** How much longer runs may take for waiting, in percent. */
  readonly slowdownPercent: number
}

export interface Elastic {
  readonly runs: number
  readonly repeats: readonly Shared[]
}

export type Progress = (done: number, of: number) => void

/** The most runs that share the machine with no more slowdown than allowed and none that has to begin anew. */
export function mostElastic(courses: readonly Course[], setting: Setting, progress: Progress): Elastic {
  const averages = courses.map(({ mb }) => mean(Array.from(mb)).value ?? 0)
  const meanMb = mean(averages).value ?? 0
  let low = 0
  let high = Math.min(MOST_RUNS, meanMb > 0 ? Math.ceil(setting.machineMb / meanMb) + 1 : MOST_RUNS) + 1
  const steps = Math.ceil(Math.log2(high))
  let best: Elastic = { runs: 0, repeats: [] }
  for (let step = 0; high - low > 1; step++) {
    progress(step, steps)
    const runs = (low + high) >> 1
    const repeats = shareRepeatedly(courses, runs, setting)
    if (isBearable(repeats, setting)) {
      low = runs
      best = { runs, repeats }
    } else high = runs
  }
  progress(steps, steps)
  return best
}

/** Each number of runs is tried with the same stream, so that numbers compare. */
function shareRepeatedly(courses: readonly Course[], runs: number, setting: Setting): Shared[] {
  const random = new Pcg64(setting.seed)
  return Array.from({ length: setting.repeats }, () =>
    share(courses, runs, setting.machineMb, setting.seconds, random),
  )
}

function isBearable(repeats: readonly Shared[], { slowdownPercent }: Setting): boolean {
  return (
    repeats.every(({ restarts }) => restarts === 0) && (addedShare(repeats).value ?? 0) <= slowdownPercent
  )
}

function addedShare(repeats: readonly Shared[]): Figure {
  const total = (of: 'waitSeconds' | 'runSeconds') => repeats.reduce((sum, each) => sum + each[of], 0)
  return shareOf(total('waitSeconds'), total('runSeconds'), repeats.length)
}

export function packingRows(all: readonly Course[], setting: Setting, progress: Progress): Draft[] {
  const known = all.filter((course) => courseSeconds(course) > 0)
  const courses = known.filter(({ mb }) => mb.every((each) => each <= setting.machineMb))
  const tooLarge = draft(
    'simulate.too_large',
    'runs',
    tally(known.length - courses.length, known.length),
    'Runs that need more memory than the machine has; they are left out of everything else.',
  )
  if (courses.length === 0) return known.length === 0 ? [] : [tooLarge]
  return [
    tooLarge,
    ...RESERVATIONS.flatMap((each) => fixedRows(courses, each, setting)),
    ...elasticRows(courses, setting, progress),
  ]
}

const GIVEN: Readonly<Record<Reservation, string>> = {
  peak: 'its largest memory',
  p95: 'the 95th percentile of its memory',
  average: 'its average memory',
}

function fixedRows(courses: readonly Course[], reservation: Reservation, setting: Setting): Draft[] {
  const random = new Pcg64(setting.seed)
  const { runs, over } = fit(courses, reservation, setting.machineMb, setting.repeats, random)
  return [
    draft(
      `simulate.${reservation}.runs`,
      'runs',
      runs,
      `Runs drawn with replacement until the next has no room, each given ${GIVEN[reservation]} for all its time; mean of the repeats.`,
    ),
    draft(
      `simulate.${reservation}.over_share`,
      '%',
      over,
      `Share of its time in which a run needs more than ${GIVEN[reservation]}; mean over the runs.`,
    ),
  ]
}

function elasticRows(courses: readonly Course[], setting: Setting, progress: Progress): Draft[] {
  const { runs, repeats } = mostElastic(courses, setting, progress)
  const waits = repeats.flatMap((each) => each.waits)
  const finished = repeats.reduce((sum, each) => sum + each.finished, 0)
  const row = (name: string, unit: string, figure: Figure, definition: string) =>
    draft(`simulate.elastic.${name}`, unit, figure, definition)
  const how = 'with elastic budgets, at simulate.elastic.runs'
  return [
    row(
      'runs',
      'runs',
      tally(runs, repeats.length),
      `The most runs that share the machine, each holding what it needs at the moment, while waiting adds at most ${setting.slowdownPercent} % to their time and none has to begin anew.`,
    ),
    row(
      'waits_per_run',
      'waits',
      { value: finished > 0 ? waits.length / finished : null, n: finished },
      `How often a run has to wait for memory ${how}; waits over runs that ended.`,
    ),
    row('wait_mean_s', 's', mean(waits), `Mean length of a wait ${how}.`),
    row(
      'wait_p95_s',
      's',
      percentile(waits, 95),
      `95th percentile of the length of a wait ${how}, linear between order statistics.`,
    ),
    row('wait_max_s', 's', largest(waits), `Longest wait ${how}.`),
    row(
      'added_share',
      '%',
      addedShare(repeats),
      `What waiting adds to the time in which runs get on ${how}.`,
    ),
  ]
}
