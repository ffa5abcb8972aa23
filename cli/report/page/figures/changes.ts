// How fast memory changes.

import { CHANGE_STEPS_MB } from '../../../analysis/changes.ts'
import { seriesClass } from '../chart/colors.ts'
import { dotMarks, lineMark, type Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, rowTable } from './figure.ts'

const LEAST_PERCENT = 0.01

export function changes(from: Measured): Figure {
  const { scope, mode } = from
  const lines = scope.main.map(({ runs }) => {
    const pairs = runs.reduce((sum, { changes }) => sum + changes[mode].pairs, 0)
    return CHANGE_STEPS_MB.flatMap((mb, at): Point[] => {
      const count = runs.reduce((sum, { changes }) => sum + (changes[mode].exceeding[at] as number), 0)
      const share = pairs > 0 ? (100 * count) / pairs : 0
      return share >= LEAST_PERCENT ? [[mb, share]] : []
    })
  })
  return {
    id: 'changes',
    title: 'Change rates',
    caption:
      'How often memory changes by more than so much a second, up or down, from one sample to the next.',
    charts: [
      plot({
        name: 'change-rates',
        title: 'Changes of memory',
        x: {
          label: 'more than, MB/s',
          domain: [1, 2000],
          scale: 'log',
          ticks: [1, 10, 100, 1000],
        },
        y: {
          label: 'share of changes, %',
          domain: [LEAST_PERCENT, 100],
          scale: 'log',
          ticks: [0.01, 0.1, 1, 10, 100],
        },
        legend: scope.main.map(({ key }, at) => ({ name: key, paint: seriesClass('fill', at) })),
        marks: (x, y) =>
          lines.flatMap((points, at) => [lineMark(points, x, y, at), ...dotMarks(points, x, y, at)]),
      }),
    ],
    table: rowTable(
      from,
      scope.main.flatMap(({ key }) =>
        ['event_share', 'over100_share', 'mem_max_rate', 'cpu_max'].map((name) => `change.${name}.${key}`),
      ),
    ),
  }
}
