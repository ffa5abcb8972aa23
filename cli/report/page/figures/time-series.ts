// Two runs second by second: those whose memory stands out most from its own average.

import { allRuns } from '../../../analysis/scope.ts'
import type { RunSummary, Seconds } from '../../../analysis/summary.ts'
import type { Point } from '../chart/marks.ts'
import { brief } from '../chart/numbers.ts'
import { courseCharts } from '../course-charts.ts'
import type { Figure, Measured } from './figure.ts'

export function timeSeries({ scope }: Measured): Figure[] {
  const groups = scope.main.map(({ runs }) => [...runs].sort((one, other) => excess(other) - excess(one)))
  const first = groups.flatMap(([most]) => most ?? [])
  const chosen = (first.length > 1 ? first : allRuns(scope).toSorted((a, b) => excess(b) - excess(a))).slice(
    0,
    2,
  )
  return chosen.flatMap((run, at) => (run.seconds === null ? [] : series(run, run.seconds, at + 1)))
}

function excess({ demand: { memory } }: RunSummary): number {
  return memory.peak !== null && memory.average ? memory.peak / memory.average : 0
}

function series(run: RunSummary, { course, activity }: Seconds, at: number): Figure {
  const { group, task, demand } = run
  const number = (value: number | null, unit: string) => (value === null ? '–' : `${brief(value)} ${unit}`)
  return {
    id: `series-${at}`,
    title: `One run: ${task} (${group})`,
    caption:
      'Memory and CPU second by second; calls are shaded. It is among the runs whose memory peak stands highest above their average.',
    charts: courseCharts(`series-${at}`, {
      mb: points(course.mb, course.stepSeconds),
      cpu: points(activity.cpu, course.stepSeconds),
      calls: [...activity.callStarts].map((start, at) => [start, activity.callEnds[at] as number] as const),
      seconds: course.stepSeconds * course.mb.length,
    }),
    measurements: {
      columns: ['of this run', 'memory', 'CPU'],
      rows: [
        ['peak', number(demand.memory.peak, 'MB'), number(demand.cpu.peak, '% of a core')],
        ['average', number(demand.memory.average, 'MB'), number(demand.cpu.average, '% of a core')],
        ['peak over average', brief(excess(run)), ''],
      ],
    },
  }
}

function points(values: Float32Array, stepSeconds: number): Point[] {
  return [...values].flatMap((value, at): Point[] => (Number.isNaN(value) ? [] : [[at * stepSeconds, value]]))
}
