// How far peaks stand above averages: what a limit at the peak leaves unused.

import { memoryLevel } from '../../../analysis/provisioning.ts'
import { bars } from '../chart/bars.ts'
import type { Layer } from '../chart/layers.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, measuredValue, rowTable } from './figure.ts'

/** Between the outermost dots and the chart's edges. */
const ROOM = 1.08

export function provisioning(from: Measured): Figure {
  const { main } = from.scope
  const keys = main.map(({ key }) => key)
  const dots = main.map(({ key, runs }, series): Layer & { kind: 'dots' } => ({
    kind: 'dots',
    name: key,
    series,
    dots: runs.flatMap((run) => {
      const { average, peak } = memoryLevel(run, from.mode)
      return average && peak ? [{ of: run.task, at: [average, peak] as const }] : []
    }),
  }))
  const averages = dots.flatMap(({ dots }) => dots.map(({ at }) => at[0]))
  const peaks = dots.flatMap(({ dots }) => dots.map(({ at }) => at[1]))
  const least = Math.min(...averages, Math.max(...averages, 1) / 2) / ROOM
  const widest = Math.max(...averages, 1) * ROOM
  const highest = Math.max(...peaks, 1) * ROOM
  return {
    id: 'provisioning',
    title: 'Over-provisioning',
    caption:
      'Peak over average of a run, and memory’s two run by run. On the line the peak would be the average.',
    charts: [
      bars({
        name: 'peak-over-average',
        title: 'Peak over average',
        quantity: { what: 'mean over runs', unit: '×' },
        each: 'peak over average of',
        bars: ['CPU', 'memory'],
        series: keys.map((key) => ({
          name: key,
          values: ['cpu', 'mem'].map((what) => measuredValue(from, `overprovision.${what}_mean.${key}`)),
        })),
      }),
      plot({
        name: 'peak-and-average',
        title: 'Memory of each run',
        x: { what: 'average memory', unit: 'MB', domain: [least, widest], scale: 'log' },
        y: { what: 'peak memory', unit: 'MB', domain: [least, highest], scale: 'log' },
        height: 260,
        layers: [
          {
            kind: 'guide',
            name: 'peak = average',
            points: [
              [least, least],
              [widest, widest],
            ],
          },
          ...dots,
        ],
      }),
    ],
    measurements: rowTable(
      from,
      keys.flatMap((key) =>
        ['cpu_mean', 'cpu_utilisation', 'mem_mean', 'mem_max', 'peak_waste'].map(
          (name) => `overprovision.${name}.${key}`,
        ),
      ),
    ),
  }
}
