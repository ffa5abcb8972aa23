// How fast memory changes.

import { CHANGE_STEPS_MB } from '../../../analysis/changes.ts'
import type { Layer } from '../chart/layers.ts'
import type { Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, rowTable } from './figure.ts'

const LEAST_PERCENT = 0.01

export function changes(from: Measured): Figure {
  const { scope, mode } = from
  const lines = scope.main.map(({ key, runs }, at): Layer => {
    const pairs = runs.reduce((sum, { changes }) => sum + changes[mode].pairs, 0)
    const points = CHANGE_STEPS_MB.map((mb, step): Point => {
      const count = runs.reduce((sum, { changes }) => sum + (changes[mode].exceeding[step] as number), 0)
      return [mb, pairs > 0 ? (100 * count) / pairs : 0]
    })
    return { kind: 'line', name: key, points, series: at, hasDots: true }
  })
  return {
    id: 'changes',
    title: 'Change rates',
    caption: `How often memory changes by more than so much a second, up or down, from one sample to the next. Shares below ${LEAST_PERCENT} % are in the table alone.`,
    charts: [
      plot({
        name: 'change-rates',
        title: 'Changes of memory',
        x: {
          what: 'change of more than',
          unit: 'MB/s',
          domain: [1, 2000],
          scale: 'log',
        },
        y: {
          what: 'share of changes',
          unit: '%',
          domain: [LEAST_PERCENT, 100],
          scale: 'log',
        },
        layers: lines,
      }),
    ],
    measurements: rowTable(
      from,
      scope.main.flatMap(({ key }) =>
        ['event_share', 'over100_share', 'mem_max_rate', 'cpu_max'].map((name) => `change.${name}.${key}`),
      ),
    ),
  }
}
