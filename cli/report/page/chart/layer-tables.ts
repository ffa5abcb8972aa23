// The tables behind a plot: everything that its layers draw.

import type { ChartTable } from './canvas.ts'
import type { Layer, Spans } from './layers.ts'
import { columnOf, labelOf, type Quantity } from './quantity.ts'

export interface Axes {
  readonly x: Quantity
  readonly y: Quantity
}

export function layerTables(title: string, layers: readonly Layer[], axes: Axes): ChartTable[] {
  return [
    ...lineTables(title, layers, axes),
    ...columnTables(title, layers, axes),
    ...dotTables(title, layers, axes),
    ...layers.flatMap((layer) => (layer.kind === 'spans' ? spanTable(layer, axes) : [])),
  ]
}

function lineTables(title: string, layers: readonly Layer[], { x, y }: Axes): ChartTable[] {
  const lines = layers.filter((layer) => layer.kind === 'line')
  const [only] = lines
  if (only === undefined) return []
  if (lines.length === 1) return [{ title, columns: [labelOf(x), labelOf(y)], rows: only.points }]
  const columns = lines.map(({ points }) => new Map(points))
  const places = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b)
  return [
    {
      title,
      columns: [labelOf(x), ...lines.map(({ name }) => columnOf(name, y))],
      rows: places.map((at) => [at, ...columns.map((column) => column.get(at) ?? null)]),
    },
  ]
}

function columnTables(title: string, layers: readonly Layer[], { x, y }: Axes): ChartTable[] {
  const groups = layers.filter((layer) => layer.kind === 'columns')
  const [first] = groups
  if (first === undefined) return []
  return [
    {
      title,
      columns: [
        `${x.what} from, ${x.unit}`,
        `to less than, ${x.unit}`,
        ...groups.map(({ name }) => columnOf(name, y)),
      ],
      rows: first.columns.map(({ from, to }, at) => [
        from,
        to,
        ...groups.map(({ columns }) => columns[at]?.value ?? 0),
      ]),
    },
  ]
}

function dotTables(title: string, layers: readonly Layer[], { x, y }: Axes): ChartTable[] {
  const rows = layers.flatMap((layer) =>
    layer.kind === 'dots' ? layer.dots.map(({ of, at }) => [layer.name, of, ...at]) : [],
  )
  return rows.length > 0 ? [{ title, columns: ['group', 'run', labelOf(x), labelOf(y)], rows }] : []
}

function spanTable({ name, spans, isListedElsewhere }: Spans, { x }: Axes): ChartTable[] {
  if (isListedElsewhere || spans.length === 0) return []
  return [
    {
      title: `When ${name}`,
      columns: [columnOf('from', x), columnOf('to', x)],
      rows: spans,
    },
  ]
}
