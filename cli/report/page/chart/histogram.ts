// How often values occur: columns by equal steps, the groups beside each other in each.

import { bin } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import type { Chart } from './canvas.ts'
import { seriesClass } from './colors.ts'
import { columnMark } from './marks.ts'
import { plot } from './plot.ts'

export interface HistogramInput {
  readonly name: string
  readonly title: string
  /** What the values are, with their unit. */
  readonly label: string
  /** What is counted. */
  readonly counted: string
  readonly groups: readonly { readonly name: string; readonly values: readonly number[] }[]
}

const STEPS = 16

export function histogram({ name, title, label, counted, groups }: HistogramInput): Chart {
  const most = Math.max(...groups.flatMap(({ values }) => values), 0)
  const scale = scaleLinear([0, most || 1], [0, 1]).nice(STEPS)
  const domain = scale.domain() as [number, number]
  const counts = groups.map(({ values }) =>
    bin<number, number>().domain(domain).thresholds(scale.ticks(STEPS))([...values]),
  )
  const highest = Math.max(...counts.flat().map(({ length }) => length), 1)
  return plot({
    name,
    title,
    x: { label, domain },
    y: { label: counted, domain: [0, highest] },
    legend: groups.length > 1 ? groups.map(({ name }, at) => ({ name, paint: seriesClass('fill', at) })) : [],
    marks: (x, y) =>
      counts.flatMap((bins, at) =>
        bins
          .filter(({ length }) => length > 0)
          .map((values) => {
            const from = values.x0 as number
            const part = ((values.x1 as number) - from) / groups.length
            return columnMark(from + at * part, from + (at + 1) * part, values.length, x, y, at)
          }),
      ),
  })
}
