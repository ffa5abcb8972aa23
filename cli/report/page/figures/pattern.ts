// How much of the agent's time is tools, and when in a run they are called.

import { seriesClass } from '../chart/colors.ts'
import { histogram } from '../chart/histogram.ts'
import { lineMark, type Point } from '../chart/marks.ts'
import { plot } from '../chart/plot.ts'
import { type Figure, type Measured, measuredValue, rowTable } from './figure.ts'

const TOOLS = ['Read', 'Bash', 'Edit']
const TENTHS = Array.from({ length: 10 }, (_, tenth) => tenth)

export function pattern(from: Measured): Figure {
  const { scope, mode } = from
  const id = (tool: string, tenth: number) => `decile.${tool.toLowerCase()}.${tenth}.all`
  const lines = TOOLS.map((tool) => {
    const counts = TENTHS.map((tenth) => measuredValue(from, id(tool, tenth)) ?? 0)
    const total = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count, tenth): Point => [tenth * 10 + 5, total > 0 ? (100 * count) / total : 0])
  })
  const highest = Math.max(...lines.flat().map(([, share]) => share), 10)
  return {
    id: 'pattern',
    title: 'Share and pattern of tool calls',
    caption:
      'How much of the agent’s active time is tool calls, run by run, and in which tenth of a run each tool is called.',
    charts: [
      histogram({
        name: 'tool-time',
        title: 'Tool calls in a run’s active time',
        label: 'share of active time, %',
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
        title: 'When tools are called',
        x: { label: 'progress of the run, %', domain: [0, 100] },
        y: { label: '% of the tool’s calls, by tenths', domain: [0, highest] },
        legend: TOOLS.map((name, at) => ({ name, paint: seriesClass('fill', at) })),
        marks: (x, y) => lines.map((points, at) => lineMark(points, x, y, at)),
      }),
    ],
    table: rowTable(from, [
      ...scope.main.flatMap(({ key }) =>
        ['mean', 'median', 'min', 'max'].map((name) => `tool_time.ratio_${name}.${key}`),
      ),
      ...TOOLS.flatMap((tool) => TENTHS.map((tenth) => id(tool, tenth))),
    ]),
  }
}
