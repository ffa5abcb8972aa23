// How large images are, and how memory goes over a run.

import { allRuns, byTask } from '../../../analysis/scope.ts'
import { aggregatedCurve } from '../../../analysis/trajectory.ts'
import { histogram } from '../chart/histogram.ts'
import type { Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, rowTable } from './figure.ts'

export function memory(from: Measured): Figure {
  const { scope, mode } = from
  const runs = allRuns(scope)
  const course = [...(aggregatedCurve(runs, mode) ?? [])]
  const points = course.map((mb, at): Point => [(100 * at) / Math.max(1, course.length - 1), mb])
  const sizes = [...byTask(runs).values()].flatMap((each) => {
    const size = each.find(({ image }) => image?.bytes)?.image?.bytes
    return size ? [size / 1e9] : []
  })
  return {
    id: 'memory',
    title: sizes.length > 0 ? 'Images and memory over a run' : 'Memory over a run',
    caption: `${sizes.length > 0 ? 'How large the tasks’ images are, each task once, and the' : 'The'} mean memory of all runs laid over each other.`,
    charts: [
      ...(sizes.length > 0
        ? [
            histogram({
              name: 'image-sizes',
              title: 'Image sizes',
              quantity: { what: 'size of the image', unit: 'GB' },
              counted: 'tasks',
              groups: [{ name: 'tasks', values: sizes }],
            }),
          ]
        : []),
      plot({
        name: 'memory-course',
        title: 'Memory over the run',
        x: { what: 'progress of the run', unit: '%', domain: [0, 100] },
        y: { what: 'mean memory', unit: 'MB', domain: [0, Math.max(...course, 1)] },
        layers: [{ kind: 'line', name: 'mean memory', points, series: 0 }],
      }),
    ],
    measurements: rowTable(from, [
      ...['min', 'max', 'mean', 'median'].map((name) => `image.${name}_gb.all`),
      ...['first_half_mean', 'second_half_mean', 'first_half_min', 'first_half_max'].map(
        (name) => `trajectory.${name}_mb.all`,
      ),
      'peak_position.mean.all',
    ]),
  }
}
