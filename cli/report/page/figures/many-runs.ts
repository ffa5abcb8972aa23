// How much memory many runs need together.

import { multiplex } from '../../../analysis/multiplexing.ts'
import { allRuns } from '../../../analysis/scope.ts'
import type { Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, rowTable } from './figure.ts'

const MB_PER_GB = 1000

export function manyRuns(from: Measured): Figure {
  const { scope, mode } = from
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
          what: 'runs at the same time',
          domain: [0, sizes.at(-1)?.size ?? 1],
          ticks: sizes.map(({ size }) => size).filter((size) => size >= 8),
        },
        y: { what: 'memory', unit: 'GB', domain: [0, apart.at(-1)?.[1] ?? 1] },
        layers: [
          { kind: 'line', name: 'a limit at each run’s peak', points: apart, series: 1, hasDots: true },
          { kind: 'line', name: 'shared', points: together, series: 0, hasDots: true },
        ],
      }),
    ],
    measurements: rowTable(
      from,
      sizes.flatMap(({ size }) => [`mux.savings.${size}.all`, `mux.gain.${size}.all`]),
    ),
  }
}
