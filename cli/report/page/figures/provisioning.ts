// How far peaks stand above averages: what a limit at the peak leaves unused.

import { bars } from '../chart/bars.ts'
import { seriesClass } from '../chart/colors.ts'
import { dotMarks, lineMark, type Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, measuredValue, rowTable } from './figure.ts'

export function provisioning(from: Measured): Figure {
  const { main } = from.scope
  const keys = main.map(({ key }) => key)
  const dots = main.map(({ runs }) =>
    runs.flatMap(({ demand: { memory } }): Point[] =>
      memory.peak === null || memory.average === null ? [] : [[memory.average, memory.peak]],
    ),
  )
  const widest = Math.max(...dots.flat().map(([average]) => average), 1)
  const highest = Math.max(...dots.flat().map(([, peak]) => peak), 1)
  return {
    id: 'provisioning',
    title: 'Over-provisioning',
    caption:
      'Peak over average of a run, and memory’s two run by run. On the line the peak would be the average.',
    charts: [
      bars({
        name: 'peak-over-average',
        title: 'Peak over average',
        label: 'mean over runs, times',
        bars: ['CPU', 'memory'],
        series: keys.map((key) => ({
          name: key,
          values: ['cpu', 'mem'].map((what) => measuredValue(from, `overprovision.${what}_mean.${key}`)),
        })),
      }),
      plot({
        name: 'peak-and-average',
        title: 'Memory of each run',
        x: { label: 'average memory, MB', domain: [0, widest * 1.05] },
        y: { label: 'peak memory, MB', domain: [0, highest * 1.05] },
        legend: main.map(({ key }, at) => ({ name: key, paint: seriesClass('fill', at) })),
        marks: (x, y) => [
          lineMark(
            [
              [0, 0],
              [widest, widest],
            ],
            x,
            y,
            5,
            'thin',
          ),
          ...dots.flatMap((points, at) => dotMarks(points, x, y, at)),
        ],
      }),
    ],
    table: rowTable(
      from,
      keys.flatMap((key) =>
        ['cpu_mean', 'cpu_utilisation', 'mem_mean', 'mem_max', 'peak_waste'].map(
          (name) => `overprovision.${name}.${key}`,
        ),
      ),
    ),
  }
}
