// The report on the study's own data against known values (metrics*.json beside it).

import { beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { STUDY_FOLDER as folder, StudyData } from '../../test/study-data.ts'
import { reportRows } from '../analysis/report.ts'
import { MODES, type Mode, type Row } from '../analysis/row.ts'
import { readDataSet } from '../import/agentcgroup/reading.ts'
import { publishedScope } from '../import/agentcgroup/scope.ts'

interface Metric {
  readonly id: string
  readonly mode: Mode
  readonly value: number | string | null
  readonly unit: string
  /** Absolute, in `unit`. */
  readonly tolerance: number
}

if (folder === undefined) {
  console.warn(
    'SKIPPED: the report on the study’s data; set ACG_AGENTCGROUP_DATA to the folder that holds it',
  )
}

describe.skipIf(folder === undefined)('reportRows() of the study’s data', () => {
  let metrics: Metric[] = []
  let rows: Row[] = []

  beforeAll(async () => {
    const here = folder as string
    const names = readdirSync(here)
    const metricsFile = names.find((name) => /^metrics.*\.json$/.test(name))
    if (metricsFile === undefined) throw new Error(`there is no metrics*.json in ${here}`)
    metrics = JSON.parse(readFileSync(join(here, metricsFile), 'utf8')) as Metric[]
    using data = new StudyData(here)
    const scope = publishedScope(await readDataSet(data.root, () => {}))
    rows = MODES.flatMap((mode) => reportRows(scope, mode))
  }, 120_000)

  test.each([...MODES])('has exactly the rows that are known in mode %s', (mode) => {
    const ids = (of: readonly { id: string; mode: Mode }[]) =>
      of.filter((each) => each.mode === mode).map(({ id }) => id)
    expect(ids(rows).toSorted()).toEqual(ids(metrics).toSorted())
  })

  test.each([...MODES])('has each value within its tolerance in mode %s', (mode) => {
    const found = new Map(rows.filter((row) => row.mode === mode).map((row) => [row.id, row]))
    const off = metrics.filter((metric) => metric.mode === mode && !agrees(metric, found.get(metric.id)))
    expect(off.map(({ id, value }) => ({ id, value, got: found.get(id)?.value }))).toEqual([])
  })
})

/** Rounding of the known values alone is never a difference. */
const ROUNDING = 1e-9

function agrees({ value, unit, tolerance }: Metric, row: Row | undefined): boolean {
  if (row === undefined || row.unit !== unit) return false
  if (typeof value !== 'number' || typeof row.value !== 'number') return value === row.value
  return Math.abs(value - row.value) <= tolerance + ROUNDING
}
