// The rows of a report for the terminal: a section a question, a line a row.

import type { SectionRows } from '../analysis/report.ts'
import type { Row } from '../analysis/row.ts'

const MARGIN = 2

export function measurementLines(sections: readonly SectionRows[], columns: number): string[] {
  const rows = sections.flatMap((section) => section.rows)
  const idWidth = Math.max(...rows.map(({ id }) => id.length), 0)
  const valueWidth = Math.max(...rows.map((row) => shown(row).length), 0)
  return sections
    .filter((section) => section.rows.length > 0)
    .flatMap((section) => [
      '',
      section.title,
      ...section.rows.map((row) => line(row, idWidth, valueWidth, columns)),
    ])
}

function line(row: Row, idWidth: number, valueWidth: number, columns: number): string {
  const head = `${' '.repeat(MARGIN)}${row.id.padEnd(idWidth)}  ${shown(row).padStart(valueWidth)}  n=${row.n}  `
  const room = columns - head.length
  return room < 24 ? head.trimEnd() : `${head}${cut(row.definition, room)}`
}

/** The value with its unit; a dash where there was nothing to measure. */
export function shown({ value, unit }: Row): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  const number = Number.isInteger(value) ? String(value) : significant(value)
  return unit === '%' ? `${number} %` : `${number} ${unit}`
}

/** Four digits, or all before the point. */
function significant(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)))
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`
}
