// What every figure is: charts with the tables behind them, words, and the report's rows on the same matter; and what
// it is drawn from.

import type { SectionRows } from '../../../analysis/report.ts'
import type { Mode, Row } from '../../../analysis/row.ts'
import type { Scope } from '../../../analysis/scope.ts'
import type { Chart } from '../chart/canvas.ts'
import { measurementTable } from '../measurement-table.ts'
import type { Table } from '../table.ts'

export interface Figure {
  readonly id: string
  readonly title: string
  /** What it shows, how it was counted. */
  readonly caption: string
  readonly charts: readonly Chart[]
  /** The rows of the report that say the same in one number each. */
  readonly measurements: Table
}

/** What figures are drawn from: the runs, and the rows of the report. */
export interface Measured {
  readonly scope: Scope
  readonly mode: Mode
  readonly sections: readonly SectionRows[]
  /** By id: of the mode, or the study's own where the mode has none. */
  readonly rows: ReadonlyMap<string, Row>
}

export function measured(
  scope: Scope,
  mode: Mode,
  sections: readonly SectionRows[],
  paper: readonly SectionRows[],
): Measured {
  const all = [...paper, ...sections].flatMap(({ rows }) => rows)
  return { scope, mode, sections, rows: new Map(all.map((row) => [row.id, row])) }
}

/** null where there is no such row, or nothing was there to measure. */
export function measuredValue({ rows }: Measured, id: string): number | null {
  const value = rows.get(id)?.value
  return typeof value === 'number' ? value : null
}

/** Words for a caption where a mode has no rows of its own for a chart, since nothing in the study's needed mending. */
export function borrowedNote({ mode, rows }: Measured, title: string, ids: readonly string[]): string {
  const isBorrowed = ids.some((id) => (rows.get(id)?.mode ?? mode) !== mode)
  return isBorrowed ? ` “${title}” is counted as the study did: corrected mode has no count of its own.` : ''
}

export function rowTable({ rows }: Measured, ids: readonly string[]): Table {
  return measurementTable(ids.flatMap((id) => rows.get(id) ?? []))
}
