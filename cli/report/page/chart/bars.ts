// Bars that lie, a group of them for each name: side by side, or one behind the other where they add up.

import { scaleBand, scaleLinear } from 'd3-scale'
import { type Markup, markup } from '../markup.ts'
import { type Chart, canvas, head } from './canvas.ts'
import { seriesClass } from './colors.ts'
import { fitted, textWidth } from './legend.ts'
import { threeDigits, tickText } from './numbers.ts'
import { round } from './plot.ts'
import { columnOf, labelOf, type Quantity } from './quantity.ts'

export interface BarSeries {
  readonly name: string
  /** One for each bar; null if there was nothing to measure. */
  readonly values: readonly (number | null)[]
}

export interface BarsInput {
  readonly name: string
  readonly title: string
  readonly quantity: Quantity
  /** What each bar is of. */
  readonly each: string
  readonly bars: readonly string[]
  readonly series: readonly BarSeries[]
  readonly isStacked?: boolean
}

const LINE = 16
const BOTTOM = 40
const VALUE_ROOM = 46

export function bars({ name, title, quantity, each, bars, series, isStacked = false }: BarsInput): Chart {
  const draw = (width: number) => {
    const entries = series.map(({ name }, at) => ({ name, paint: seriesClass('fill', at) }))
    const { top, content } = head(title, entries, width)
    const left = Math.min(width * 0.35, Math.max(...bars.map(textWidth), 20) + 16)
    const thick = isStacked ? 26 : LINE * series.length
    const bottom = top + bars.length * (thick + 10)
    const rows = scaleBand<number>(bars.keys(), [top, bottom]).paddingInner(10 / (thick + 10))
    const most = Math.max(...bars.map((_, at) => reach(series, at, isStacked)), 0)
    const x = scaleLinear([0, most || 1], [left, width - (isStacked ? 14 : VALUE_ROOM)])
    return canvas(title, width, bottom + BOTTOM, [
      ...content,
      ...x.ticks(Math.max(2, Math.floor((width - left) / 80))).map((value) => {
        const at = round(x(value))
        return markup`<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/><text class="quiet" text-anchor="middle" x="${at}" y="${bottom + 15}">${tickText(value)}</text>`
      }),
      ...bars.flatMap((bar, at) => {
        const y = rows(at) as number
        const paint = isStacked ? stacked : beside
        return [
          markup`<text text-anchor="end" x="${round(left - 8)}" y="${round(y + thick / 2 + 4)}">${fitted(bar, left - 8)}</text>`,
          ...paint(series, at, x, y),
        ]
      }),
      markup`<text class="quiet" text-anchor="end" x="${width - 14}" y="${bottom + 34}">${labelOf(quantity)}</text>`,
    ])
  }
  const table = {
    title,
    columns: [each, ...series.map(({ name }) => columnOf(name, quantity))],
    rows: bars.map((bar, at) => [bar, ...series.map(({ values }) => values[at] ?? null)]),
  }
  return { name, title, draw, tables: [table] }
}

function reach(series: readonly BarSeries[], at: number, isStacked: boolean): number {
  const values = series.map(({ values }) => values[at] ?? 0)
  return isStacked ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values, 0)
}

function beside(series: readonly BarSeries[], at: number, x: (value: number) => number, y: number): Markup[] {
  return series.map(({ values }, which) => {
    const value = values[at] ?? null
    const top = round(y + which * LINE)
    const end = x(Math.max(0, value ?? 0))
    const text = value === null ? '–' : threeDigits(value)
    return markup`<rect class="${seriesClass('fill', which)}" x="${round(x(0))}" y="${top + 1}" width="${round(Math.max(1, end - x(0)))}" height="${LINE - 3}"/><text class="quiet" x="${round(end + 5)}" y="${top + 12}">${text}</text>`
  })
}

function stacked(
  series: readonly BarSeries[],
  at: number,
  x: (value: number) => number,
  y: number,
): Markup[] {
  let before = 0
  return series.map(({ values }, which) => {
    const value = values[at] ?? 0
    const left = x(before)
    before += value
    const paint = seriesClass('fill', which)
    return markup`<rect class="${paint}" x="${round(left)}" y="${round(y)}" width="${round(Math.max(0, x(before) - left - 1))}" height="26"/>`
  })
}
