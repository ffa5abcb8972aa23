// A table of the page: what its columns hold decides how they are written, every number of a column alike.

import { columnFormat } from './column-format.ts'
import { type Content, type Markup, markup } from './markup.ts'

export interface Table {
  readonly columns: readonly string[]
  /** null is what was not there to measure. */
  readonly rows: readonly (readonly Content[])[]
}

/** What is wider than the page can be scrolled, with keys too. */
export function table({ columns, rows }: Table, name: string): Markup {
  const cells = columns.map((_, at) => cellsOf(rows.map((row) => row[at] ?? null)))
  return markup`<div class="scroll" role="group" aria-label="${name}" tabindex="0"><table><thead><tr>${columns.map(
    (column, at) => markup`<th scope="col"${cells[at]?.paint ?? null}>${column}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (
      _,
      row,
    ) => markup`<tr>${cells.map(({ paint, content }) => markup`<td${paint}>${content[row] ?? null}</td>`)}</tr>
`,
  )}</tbody></table></div>`
}

export function folded(summary: string, content: Table): Markup {
  return markup`<details><summary>${summary}</summary>${table(content, summary)}</details>`
}

interface Cells {
  readonly paint: Markup | null
  readonly content: readonly Content[]
}

const NUMBERS = markup` class="n"`

function cellsOf(values: readonly Content[]): Cells {
  const numbers = values.filter((value) => typeof value === 'number')
  const isNumeric = numbers.length > 0 && values.every((value) => value === null || typeof value === 'number')
  if (!isNumeric) return { paint: null, content: values }
  const format = columnFormat(numbers)
  return { paint: NUMBERS, content: values.map((value) => (typeof value === 'number' ? format(value) : '–')) }
}
