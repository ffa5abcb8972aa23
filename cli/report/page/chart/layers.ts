// What a plot shows, as data: marks and legend are made of it here, its tables by layer-tables.ts, so that they cannot
// disagree.

import type { Markup } from '../markup.ts'
import { seriesClass } from './colors.ts'
import type { LegendEntry } from './legend.ts'
import { columnMark, dotMarks, lineMark, type Point, spanMark } from './marks.ts'
import type { Scale } from './plot.ts'

export interface Line {
  readonly kind: 'line'
  readonly name: string
  /** In order of x. */
  readonly points: readonly Point[]
  readonly series: number
  readonly isThin?: boolean
  readonly hasDots?: boolean
}

/** One dot for each of something that has a name. */
export interface Dots {
  readonly kind: 'dots'
  readonly name: string
  readonly dots: readonly { readonly of: string; readonly at: Point }[]
  readonly series: number
}

export interface Spans {
  readonly kind: 'spans'
  readonly name: string
  readonly spans: readonly (readonly [from: number, to: number])[]
  /** Whether another chart of the same figure has their table. */
  readonly isListedElsewhere?: boolean
}

/** How often something occurs in each step. Layers of one plot stand beside each other in it. */
export interface Columns {
  readonly kind: 'columns'
  readonly name: string
  readonly columns: readonly { readonly from: number; readonly to: number; readonly value: number }[]
  readonly series: number
  /** How many layers there are. */
  readonly beside: number
}

/** Nothing measured: what to compare with. */
export interface Guide {
  readonly kind: 'guide'
  readonly name: string
  readonly points: readonly [from: Point, to: Point]
}

export type Layer = Line | Dots | Columns | Spans | Guide

const GUIDE_SERIES = 5

export function layerMarks(layer: Layer, x: Scale, y: Scale): Markup[] {
  if (layer.kind === 'spans') return layer.spans.map(([from, to]) => spanMark(from, to, x, y))
  if (layer.kind === 'guide') return [lineMark(layer.points, x, y, GUIDE_SERIES, 'guide')]
  if (layer.kind === 'dots') {
    return dotMarks(
      layer.dots.map(({ at }) => at),
      x,
      y,
      layer.series,
    )
  }
  if (layer.kind === 'columns') return columnMarks(layer, x, y)
  const { points, series, isThin, hasDots } = layer
  const shown = points.filter((point) => isWithin(point, y))
  return [
    lineMark(shown, x, y, series, isThin ? 'thin' : ''),
    ...(hasDots ? dotMarks(shown, x, y, series) : []),
  ]
}

/** Of the step's width, between it and the next. */
const GAP = 0.12

function columnMarks({ columns, series, beside }: Columns, x: Scale, y: Scale): Markup[] {
  return columns
    .filter(({ value }) => value > 0)
    .map(({ from, to, value }) => {
      const width = ((to - from) * (1 - GAP)) / beside
      const left = from + ((to - from) * GAP) / 2 + series * width
      return columnMark(left, left + width, value, x, y, series)
    })
}

/** What is too small for a logarithmic axis is in the table alone. */
function isWithin([, value]: Point, y: Scale): boolean {
  return value >= (y.domain()[0] as number)
}

/** A single layer that is named as its axis needs none. */
export function layerLegend(layers: readonly Layer[], axis: string): LegendEntry[] {
  if (layers.length === 1 && layers[0]?.name === axis) return []
  return layers.map((layer) => {
    if (layer.kind === 'spans') return { name: layer.name, paint: 'call' }
    const series = layer.kind === 'guide' ? GUIDE_SERIES : layer.series
    return {
      name: layer.name,
      paint: seriesClass('fill', series),
      isLine: layer.kind === 'line' || layer.kind === 'guide',
    }
  })
}
