// How many runs fit on a machine if each is given a fixed amount of memory for all its time.

import { type Course, courseSeconds } from '../analysis/course.ts'
import type { Pcg64 } from '../analysis/pcg64.ts'
import { type Figure, mean, percentile } from '../analysis/statistics.ts'

export const RESERVATIONS = ['peak', 'p95', 'average'] as const
export type Reservation = (typeof RESERVATIONS)[number]

const RESERVED: Readonly<Record<Reservation, (mb: readonly number[]) => number | null>> = {
  peak: (mb) => percentile(mb, 100).value,
  p95: (mb) => percentile(mb, 95).value,
  average: (mb) => mean(mb).value,
}

export interface Fit {
  /** How many runs fit, over repeats. */
  readonly runs: Figure
  /** The share of its time in which a run needs more than it was given, in percent. */
  readonly over: Figure
}

/** Runs are drawn one after the other, each given its own amount, until the next one has no room. */
export function fit(
  courses: readonly Course[],
  reservation: Reservation,
  machineMb: number,
  repeats: number,
  random: Pcg64,
): Fit {
  const given = courses.map(({ mb }) => RESERVED[reservation](Array.from(mb)) ?? 0)
  const counts = Array.from({ length: repeats }, () => {
    let used = 0
    for (let count = 0; ; count++) {
      used += given[random.below(courses.length)] as number
      if (used > machineMb || count >= MOST_RUNS) return count
    }
  })
  const over = courses.map((course, which) => {
    const steps = course.mb.filter((mb) => mb > (given[which] as number)).length
    return (100 * steps * course.stepSeconds) / courseSeconds(course)
  })
  return { runs: mean(counts), over: mean(over) }
}

/** Where runs need next to nothing, no number is an answer. */
export const MOST_RUNS = 10_000
