// What is drawn between axes: lines, columns, dots, and shaded spans.

import { line } from 'd3-shape'
import { type Markup, markup } from '../markup.ts'
import { seriesClass } from './colors.ts'
import { round, type Scale } from './plot.ts'

export type Point = readonly [x: number, y: number]

export function lineMark(points: readonly Point[], x: Scale, y: Scale, series: number, extra = ''): Markup {
  const path = line<Point>(
    ([at]) => x(at),
    ([, value]) => y(value),
  )
    .defined(([, value]) => Number.isFinite(value))
    .digits(1)
  return markup`<path class="${seriesClass('line', series)} ${extra}" d="${path([...points])}"/>`
}

export function dotMarks(points: readonly Point[], x: Scale, y: Scale, series: number): Markup[] {
  const paint = seriesClass('fill', series)
  return points.map(
    ([at, value]) =>
      markup`<circle class="${paint} dot" cx="${round(x(at))}" cy="${round(y(value))}" r="3.2"/>`,
  )
}

/** From the axis up to a value. */
export function columnMark(from: number, to: number, value: number, x: Scale, y: Scale, series: number) {
  const left = x(from)
  const top = y(value)
  const width = Math.max(1, x(to) - left - 1)
  const paint = seriesClass('fill', series)
  return markup`<rect class="${paint}" x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(y(0) - top)}"/>`
}

/** The whole height, behind a line. Never thinner than can be seen. */
export function spanMark(from: number, to: number, x: Scale, y: Scale): Markup {
  const [bottom, top] = y.range() as [number, number]
  const left = x(from)
  return markup`<rect class="call" x="${round(left)}" y="${top}" width="${round(Math.max(1, x(to) - left))}" height="${bottom - top}"/>`
}
