// Memory and CPU of one run over time, the calls shaded: one above the other, on the same clock.

import type { Chart } from './chart/canvas.ts'
import type { Layer } from './chart/layers.ts'
import type { Point } from './chart/marks.ts'
import { plot } from './chart/plot.ts'
import type { Quantity } from './chart/quantity.ts'

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
  const spans = merged(calls)
    .filter(([start, end]) => end >= 0 && start <= seconds)
    .map(([start, end]) => [Math.max(0, start), Math.min(seconds, end)] as const)
  const chart = (what: string, title: string, y: Quantity, values: readonly Point[], isSecond: boolean) => {
    const points = thinned(values)
    const shaded: Layer[] =
      spans.length > 0 ? [{ kind: 'spans', name: 'calls run', spans, isListedElsewhere: isSecond }] : []
    return plot({
      name: `${name}-${what}`,
      title,
      x: { what: 'time', unit: 's', domain: [0, seconds] },
      y: { ...y, domain: [0, highest(points)] },
      height: 130,
      layers: [...shaded, { kind: 'line', name: y.what, points, series: 0, isThin: true }],
    })
  }
  return [
    chart('memory', 'Memory', { what: 'memory', unit: 'MB' }, mb, false),
    chart('cpu', 'CPU', { what: 'CPU', unit: '% of one core' }, cpu, true),
  ]
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
