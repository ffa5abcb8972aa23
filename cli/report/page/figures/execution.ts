// How long runs take, and what their time goes to.

import { bars } from '../chart/bars.ts'
import { histogram } from '../chart/histogram.ts'
import { type Figure, type Measured, measuredValue, rowTable } from './figure.ts'

export function execution(from: Measured): Figure {
  const groups = from.scope.main
  const keys = groups.map(({ key }) => key)
  const share = (name: string) => keys.map((key) => measuredValue(from, `e2e.${name}.${key}`))
  const tools = share('tool_share')
  const model = share('llm_share')
  const rest = tools.map((tool, at) => {
    const thinking = model[at] ?? null
    return tool === null || thinking === null ? null : Math.max(0, 100 - tool - thinking)
  })
  return {
    id: 'execution',
    title: 'Execution overview',
    caption: 'How long runs take, and the mean shares of start-up, tool calls and the model in that time.',
    charts: [
      histogram({
        name: 'execution-time',
        title: 'Time of a run',
        quantity: { what: 'time from start to end', unit: 'min' },
        counted: 'runs',
        groups: groups.map(({ key, runs }) => ({
          name: key,
          values: runs.flatMap(({ durations: { run } }) => (run === null ? [] : [run / 60])),
        })),
      }),
      bars({
        name: 'execution-shares',
        title: 'What the time goes to',
        quantity: { what: 'mean share of a run’s time', unit: '%' },
        each: 'runs of',
        bars: keys,
        isStacked: true,
        series: [
          { name: 'start-up', values: rest },
          { name: 'tool calls', values: tools },
          { name: 'model', values: model },
        ],
      }),
    ],
    measurements: rowTable(from, [
      'exec_time.median_min.all',
      ...keys.flatMap((key) => [
        `exec_time.mean_min.${key}`,
        `e2e.tool_share.${key}`,
        `e2e.llm_share.${key}`,
        `e2e.os_share.${key}`,
      ]),
    ]),
  }
}
