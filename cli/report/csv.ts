// Rows as CSV (RFC 4180), one file a mode.

import type { Row } from '../analysis/row.ts'

const COLUMNS = ['id', 'mode', 'value', 'unit', 'n', 'definition'] as const

export function csvText(rows: readonly Row[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','))
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
