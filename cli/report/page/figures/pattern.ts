// How much of the agent's time is tools, and when in a run they are called.

import { histogram } from '../chart/histogram.ts'
import type { Layer } from '../chart/layers.ts'
import type { Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { borrowedNote, type Figure, type Measured, measuredValue, rowTable } from './figure.ts'

const TOOLS = ['Read', 'Bash', 'Edit']
const PATTERN = 'When tools are called'
const TENTHS = Array.from({ length: 10 }, (_, tenth) => tenth)

export function pattern(from: Measured): Figure {
  const { scope, mode } = from
  const id = (tool: string, tenth: number) => `decile.${tool.toLowerCase()}.${tenth}.all`
  const lines = TOOLS.flatMap((name, series): (Layer & { kind: 'line' })[] => {
    const counts = TENTHS.map((tenth) => measuredValue(from, id(name, tenth)) ?? 0)
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (total === 0) return []
    const points = counts.map((count, tenth): Point => [tenth * 10 + 5, (100 * count) / total])
    return [{ kind: 'line', name, points, series, hasDots: true }]
  })
  const called = TOOLS.flatMap((tool) => TENTHS.map((tenth) => id(tool, tenth)))
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(([, share]) => share)), 10)
  return {
    id: 'pattern',
    title: 'Share and pattern of tool calls',
    caption: `How much of the agent’s active time is tool calls, run by run, and in which tenth of a run each tool is called.${borrowedNote(from, PATTERN, called)}`,
    charts: [
      histogram({
        name: 'tool-time',
        title: 'Tool calls in a run’s active time',
        quantity: { what: 'share of active time', unit: '%' },
        counted: 'runs',
        groups: scope.main.map(({ key, runs }) => ({
          name: key,
          values: runs.flatMap(({ toolSeconds, durations: { active } }) =>
            active === null || active <= 0 ? [] : [(100 * toolSeconds[mode]) / active],
          ),
        })),
      }),
      plot({
        name: 'call-pattern',
        title: PATTERN,
        x: { what: 'middle of the tenth of the run', unit: '%', domain: [0, 100] },
        y: { what: 'share of the tool’s calls', unit: '%', domain: [0, highest] },
        layers: lines,
      }),
    ],
    measurements: rowTable(from, [
      ...scope.main.flatMap(({ key }) =>
        ['mean', 'median', 'min', 'max'].map((name) => `tool_time.ratio_${name}.${key}`),
      ),
      ...called,
    ]),
  }
}
