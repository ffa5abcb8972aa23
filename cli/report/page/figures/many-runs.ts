// How much memory many runs need together.

import { multiplex } from '../../../analysis/multiplexing.ts'
import { allRuns } from '../../../analysis/scope.ts'
import { seriesClass } from '../chart/colors.ts'
import { dotMarks, lineMark, type Point } from '../chart/marks.ts'
import { brief } from '../chart/numbers.ts'
import { plot } from '../chart/plot.ts'
import type { Figure, Measured } from './figure.ts'

const MB_PER_GB = 1000

export function manyRuns({ scope, mode }: Measured): Figure {
  const sizes = multiplex(
    allRuns(scope).flatMap(({ loads }) => loads[mode] ?? []),
    mode,
  )
  const apart = sizes.map(({ size, apartMb }): Point => [size, apartMb / MB_PER_GB])
  const together = sizes.map(({ size, togetherMb }): Point => [size, togetherMb / MB_PER_GB])
  return {
    id: 'many-runs',
    title: 'Many runs on one machine',
    caption:
      'Memory that runs need together at their worst moment, against the sum of their own peaks; means of random draws.',
    charts: [
      plot({
        name: 'many-runs',
        title: 'Memory of many runs',
        x: {
          label: 'runs at the same time',
          domain: [0, sizes.at(-1)?.size ?? 1],
          ticks: sizes.map(({ size }) => size).filter((size) => size >= 8),
        },
        y: { label: 'memory, GB', domain: [0, apart.at(-1)?.[1] ?? 1] },
        legend: [
          { name: 'a limit at each run’s peak', paint: seriesClass('fill', 1) },
          { name: 'shared', paint: seriesClass('fill', 0) },
        ],
        marks: (x, y) => [
          lineMark(apart, x, y, 1),
          ...dotMarks(apart, x, y, 1),
          lineMark(together, x, y, 0),
          ...dotMarks(together, x, y, 0),
        ],
      }),
    ],
    table: {
      columns: ['runs', 'sum of peaks, GB', 'shared, GB', 'saved, %'],
      rows: sizes.map(({ size, apartMb, togetherMb }) => [
        size,
        brief(apartMb / MB_PER_GB),
        brief(togetherMb / MB_PER_GB),
        apartMb > 0 ? brief(100 * (1 - togetherMb / apartMb)) : '–',
      ]),
    },
  }
}
