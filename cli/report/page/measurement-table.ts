// Rows of the report as a table of the page.

import type { Row } from '../../analysis/row.ts'
import { shown } from '../measurements.ts'
import type { Table } from './table.ts'

export function measurementTable(rows: readonly Row[]): Table {
  return {
    columns: ['measurement', 'value', 'n', 'mode', 'definition'],
    rows: rows.map((row) => [row.id, shown(row), row.n, row.mode, row.definition]),
  }
}
