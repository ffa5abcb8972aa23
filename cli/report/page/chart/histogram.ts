// How often values occur: columns by equal steps, the groups beside each other in each.

import { bin } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import type { Chart } from './canvas.ts'
import type { Columns } from './layers.ts'
import { plot } from './plot.ts'
import type { Quantity } from './quantity.ts'

export interface HistogramInput {
  readonly name: string
  readonly title: string
  /** What the values are. */
  readonly quantity: Quantity
  /** What is counted. */
  readonly counted: string
  readonly groups: readonly { readonly name: string; readonly values: readonly number[] }[]
}

const STEPS = 16

export function histogram({ name, title, quantity, counted, groups }: HistogramInput): Chart {
  const most = Math.max(...groups.flatMap(({ values }) => values), 0)
  const scale = scaleLinear([0, most || 1], [0, 1]).nice(STEPS)
  const domain = scale.domain() as [number, number]
  const binned = bin<number, number>().domain(domain).thresholds(scale.ticks(STEPS))
  const layers = groups.map(({ name, values }, at): Columns => {
    const columns = binned([...values]).map(({ x0: from, x1: to, length }) => ({
      from: from as number,
      to: to as number,
      value: length,
    }))
    return { kind: 'columns', name, columns, series: at, beside: groups.length }
  })
  const highest = Math.max(...layers.flatMap(({ columns }) => columns.map(({ value }) => value)), 1)
  return plot({
    name,
    title,
    x: { ...quantity, domain },
    y: { what: counted, domain: [0, highest] },
    layers,
  })
}
