// Two axes with units, a grid, and marks between them.

import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale'
import { markup } from '../markup.ts'
import { type Chart, canvas, head } from './canvas.ts'
import { layerTables } from './layer-tables.ts'
import { type Layer, layerLegend, layerMarks } from './layers.ts'
import { tickText } from './numbers.ts'
import { labelOf, type Quantity } from './quantity.ts'

export interface Axis extends Quantity {
  readonly domain: readonly [number, number]
  readonly scale?: 'linear' | 'log'
  /** Instead of the scale's own. */
  readonly ticks?: readonly number[]
}

export type Scale = ScaleContinuousNumeric<number, number>

export interface PlotInput {
  readonly name: string
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly height?: number
  readonly layers: readonly Layer[]
}

const LEFT = 52
const RIGHT = 14
const BOTTOM = 42
const TICK_ROOM = 70
const Y_TICKS = 5

export function plot({ name, title, x: across, y: up, height = 190, layers }: PlotInput): Chart {
  const draw = (width: number) => {
    const { top: below, content } = head(title, layerLegend(layers, up.what), width)
    const top = below + 24
    const bottom = top + height
    const right = width - RIGHT
    const x = scaleOf(across).range([LEFT, right])
    const y = (up.scale === 'log' ? scaleOf(up) : scaleOf(up).nice(Y_TICKS)).range([bottom, top])
    return canvas(title, width, bottom + BOTTOM, [
      ...content,
      ...layers.filter(({ kind }) => kind === 'spans').flatMap((layer) => layerMarks(layer, x, y)),
      markup`<text class="quiet" x="0" y="${top - 14}">${labelOf(up)}</text>`,
      ...ticksOf(y, up, Y_TICKS).map((value) => {
        const at = round(y(value))
        return markup`<line class="grid" x1="${LEFT}" x2="${right}" y1="${at}" y2="${at}"/><text class="quiet" text-anchor="end" x="${LEFT - 6}" y="${at + 4}">${tickText(value)}</text>`
      }),
      ...layers.filter(({ kind }) => kind !== 'spans').flatMap((layer) => layerMarks(layer, x, y)),
      markup`<line class="axis" x1="${LEFT}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
      ...ticksOf(x, across, Math.max(2, Math.floor((right - LEFT) / TICK_ROOM))).map((value) => {
        const at = round(x(value))
        return markup`<line class="axis" x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 4}"/><text class="quiet" text-anchor="middle" x="${at}" y="${bottom + 17}">${tickText(value)}</text>`
      }),
      markup`<text class="quiet" text-anchor="end" x="${right}" y="${bottom + 36}">${labelOf(across)}</text>`,
    ])
  }
  return { name, title, draw, tables: layerTables(title, layers, { x: across, y: up }) }
}

function scaleOf({ domain: [from, to], scale }: Axis): Scale {
  return scale === 'log'
    ? scaleLog([from, to], [0, 1])
    : scaleLinear([from, to > from ? to : from + 1], [0, 1])
}

function ticksOf(scale: Scale, { ticks, scale: kind }: Axis, count: number): readonly number[] {
  if (ticks) return ticks
  if (kind !== 'log') return scale.ticks(count)
  return logTicks(scale)
}

/** Those that a wide axis has room for: powers of ten; on shorter ones also their halves and fifths. */
function logTicks(scale: Scale): readonly number[] {
  const [from, to] = scale.domain() as [number, number]
  const decades = Math.log10(to / from)
  const leading = decades > 2 ? [1] : decades > 0.7 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9]
  return scale.ticks().filter((value) => {
    const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9)
    return leading.some((each) => Math.abs(each - digit) < 1e-6)
  })
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
