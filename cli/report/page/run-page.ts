// The page of one run: its phases, memory and CPU over time with the calls shaded, and a row a call.

import type { LoadedRun, Series } from '../../analysis/run.ts'
import type { Run } from '../../record/schema.ts'
import { summaryLine } from '../summary.ts'
import { CALL_COLUMNS, callRows, type TimelineInput } from '../timeline.ts'
import { bars } from './chart/bars.ts'
import type { Chart } from './chart/canvas.ts'
import type { Point } from './chart/marks.ts'
import { courseCharts } from './course-charts.ts'
import { drawn, page } from './document.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './table.ts'

export interface RunPageInput extends TimelineInput {
  readonly samples: LoadedRun['samples']
}

const MS = 1000

export function runCharts({ result, unseen, samples }: RunPageInput): Chart[] {
  const { startup_ms: startup, thinking_ms: thinking, calls_ms: calls } = result.phases
  const onClock = ({ epoch, value }: Series) =>
    [...value].map((each, at): Point => [(epoch[at] as number) - result.started_epoch_ms / MS, each])
  return [
    bars({
      name: 'phases',
      title: 'Phases',
      quantity: { what: 'time', unit: 's' },
      each: 'phases of',
      bars: ['run'],
      isStacked: true,
      series: [
        { name: 'start-up', values: [startup / MS] },
        { name: 'thinking', values: [thinking / MS] },
        { name: 'calls', values: [calls / MS] },
      ],
    }),
    ...courseCharts('run', {
      mb: onClock(samples.clean),
      cpu: onClock(samples.rates),
      calls: callRows({ result, unseen }).map(
        ({ startMs, endMs }) => [startMs / MS, (endMs ?? result.duration_ms) / MS] as const,
      ),
      seconds: result.duration_ms / MS,
    }),
  ]
}

export function runPage(input: RunPageInput): string {
  const { run, result, unseen } = input
  const rows = callRows({ result, unseen })
  return page({
    title: `Run ${run.run_id}`,
    content: [
      about(run),
      markup`<p>${summaryLine(result, run.command)}</p>
${result.notes.map((note) => markup`<p class="note">note: ${note}</p>`)}
<section id="course"><h2>The run</h2><figure><figcaption>Phases, and memory and CPU over time; a span is shaded while a call runs.</figcaption>${runCharts(input).map(drawn)}</figure></section>
<section id="calls"><h2>Calls</h2>${
        rows.length > 0
          ? table({ columns: CALL_COLUMNS, rows: rows.map(({ cells }) => callCells(cells)) }, 'Calls')
          : markup`<p>no tool calls</p>`
      }</section>
`,
    ],
  })
}

function about({ command, project, started_epoch_ms: started }: Run): Markup {
  const when = new Date(started).toISOString().slice(0, 19).replace('T', ' ')
  return markup`<p class="note">${when} UTC · ${project ?? '–'}<br><code>${command.join(' ')}</code></p>
`
}

function callCells(cells: readonly string[]) {
  return [...cells.slice(0, -1), markup`<code>${cells.at(-1) ?? ''}</code>`]
}
