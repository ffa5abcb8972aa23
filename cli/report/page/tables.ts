// Numbers as tables: behind each chart, and all measurements.

import type { Row } from '../../analysis/row.ts'
import { shown } from '../measurements.ts'
import { type Content, type Markup, markup } from './markup.ts'

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Content[])[]
}

export function measurementTable(rows: readonly Row[]): Table {
  return {
    columns: ['measurement', 'value', 'n', 'mode', 'definition'],
    rows: rows.map((row) => [row.id, shown(row), row.n, row.mode, row.definition]),
  }
}

/** What is wider than the page can be scrolled, with keys too. */
export function table({ columns, rows }: Table, name: string): Markup {
  return markup`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><thead><tr>${columns.map(
    (column) => markup`<th scope="col">${column}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>`
}

export function folded(summary: string, content: Table): Markup {
  return markup`<details><summary>${summary}</summary>${table(content, summary)}</details>`
}
