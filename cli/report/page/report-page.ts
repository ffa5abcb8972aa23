// The page of a report: its figures, and every measurement by section.

import { allRuns } from '../../analysis/scope.ts'
import type { Loss } from '../../import/losses.ts'
import { lossLine } from '../../import/losses.ts'
import { figureSection, page } from './document.ts'
import type { Figure, Measured } from './figures/figure.ts'
import { type Markup, markup } from './markup.ts'
import { measurementTable } from './measurement-table.ts'
import { folded } from './table.ts'

export function reportPage(from: Measured, figures: readonly Figure[], losses: readonly Loss[]): string {
  return page({
    title: 'What coding agents do with a machine',
    content: [
      markup`<p class="note">${about(from)}</p>
<nav aria-label="Figures"><ol>${figures.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
`,
      ...figures.map((figure, at) => figureSection(figure, at + 1)),
      markup`<section id="measurements"><h2>All measurements</h2>${from.sections
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, rows }) => folded(title, measurementTable(rows)))}</section>
`,
      lost(losses),
    ],
  })
}

function about({ scope, mode }: Measured): string {
  const groups = scope.main.map(({ key, runs }) => `${runs.length} of ${key}`).join(', ')
  const definitions =
    mode === 'paper'
      ? 'by the AgentCgroup study’s own definitions, quirks included'
      : 'by the definitions of the AgentCgroup study, mended where its own give another number than they mean'
  const pilot = scope.pilot
    ? ` Of ${scope.pilot.key} (${counted(scope.pilot.runs.length)}) there are tables alone.`
    : ''
  const runs = allRuns(scope).length
  return `${counted(runs)} (${groups}), measured ${definitions}. The table behind each figure names the mode of every number.${pilot}`
}

function counted(runs: number): string {
  return `${runs} ${runs === 1 ? 'run' : 'runs'}`
}

function lost(losses: readonly Loss[]): Markup {
  if (losses.length === 0) return markup``
  return markup`<section id="losses"><h2>What of the data could not be used</h2>${folded(
    `${losses.length} losses`,
    { columns: ['loss'], rows: losses.map((loss) => [lossLine(loss)]) },
  )}</section>`
}
