// Memory and CPU of one run over time, the calls shaded: one above the other, on the same clock.

import type { Chart } from './chart/canvas.ts'
import { lineMark, type Point, spanMark } from './chart/marks.ts'
import { plot } from './chart/plot.ts'

export interface RunCourse {
  /** By seconds of the run's clock. */
  readonly mb: readonly Point[]
  readonly cpu: readonly Point[]
  readonly calls: readonly (readonly [start: number, end: number])[]
  readonly seconds: number
}

/** More points than pixels say nothing more. */
const MOST_POINTS = 720

export function courseCharts(name: string, { mb, cpu, calls, seconds }: RunCourse): Chart[] {
  const chart = (what: string, title: string, label: string, values: readonly Point[]) => {
    const points = thinned(values)
    return plot({
      name: `${name}-${what}`,
      title,
      x: { label: 'time, s', domain: [0, seconds] },
      y: { label, domain: [0, highest(points)] },
      height: 130,
      legend: calls.length > 0 ? [{ name: 'a call runs', paint: 'call' }] : [],
      marks: (x, y) => [
        ...merged(calls)
          .filter(([start, end]) => end >= 0 && start <= seconds)
          .map(([start, end]) => spanMark(Math.max(0, start), Math.min(seconds, end), x, y)),
        lineMark(points, x, y, 0, 'thin'),
      ],
    })
  }
  return [chart('memory', 'Memory', 'memory, MB', mb), chart('cpu', 'CPU', 'CPU, % of one core', cpu)]
}

function highest(points: readonly Point[]): number {
  return points.reduce((most, [, value]) => Math.max(most, value), 0) || 1
}

/** Of those that would share a place, the highest. */
function thinned(points: readonly Point[]): Point[] {
  const each = Math.max(1, Math.ceil(points.length / MOST_POINTS))
  if (each === 1) return [...points]
  const kept: Point[] = []
  for (let from = 0; from < points.length; from += each) {
    kept.push(points.slice(from, from + each).reduce((most, point) => (point[1] > most[1] ? point : most)))
  }
  return kept
}

/** Calls that overlap are one span. */
function merged(calls: RunCourse['calls']): RunCourse['calls'] {
  const spans: [number, number][] = []
  for (const [start, end] of calls.toSorted(([one], [other]) => one - other)) {
    const last = spans.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else spans.push([start, end])
  }
  return spans
}
