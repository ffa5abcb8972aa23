// The report on the study's own data against known values. The data is no part of this project: the test takes it
// from the folder that ACG_AGENTCGROUP_DATA names, which holds the archive (*.tar.zst) or the unpacked data set, and
// the metrics (metrics*.json).

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reportRows } from '../analysis/report.ts'
import { MODES, type Mode, type Row } from '../analysis/row.ts'
import { isDataSet } from '../import/agentcgroup/layout.ts'
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

const folder = process.env.ACG_AGENTCGROUP_DATA
if (folder === undefined) {
  console.warn(
    'SKIPPED: the report on the study’s data; set ACG_AGENTCGROUP_DATA to the folder that holds it',
  )
}

describe.skipIf(folder === undefined)('reportRows() of the study’s data', () => {
  let unpacked: string | null = null
  let metrics: Metric[] = []
  let rows: Row[] = []

  beforeAll(async () => {
    const here = folder as string
    const names = readdirSync(here)
    const metricsFile = names.find((name) => /^metrics.*\.json$/.test(name))
    if (metricsFile === undefined) throw new Error(`there is no metrics*.json in ${here}`)
    metrics = JSON.parse(readFileSync(join(here, metricsFile), 'utf8')) as Metric[]
    const archive = names.find((name) => name.endsWith('.tar.zst'))
    if (dataSetIn(here) === null && archive !== undefined) unpacked = unpack(join(here, archive))
    const root = dataSetIn(unpacked ?? here)
    if (root === null) throw new Error(`there is no data set in ${here}`)
    const scope = publishedScope((await readDataSet(root, () => {})).summaries)
    rows = MODES.flatMap((mode) => reportRows(scope, mode))
  }, 120_000)

  afterAll(() => {
    if (unpacked !== null) rmSync(unpacked, { recursive: true, force: true })
  })

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

function dataSetIn(folder: string): string | null {
  if (isDataSet(folder)) return folder
  return (
    readdirSync(folder)
      .map((name) => join(folder, name))
      .find(isDataSet) ?? null
  )
}

function unpack(archive: string): string {
  const into = mkdtempSync(join(tmpdir(), 'acg-data-'))
  const { success } = Bun.spawnSync(['tar', '--zstd', '-xf', archive, '-C', into], { stderr: 'inherit' })
  if (!success) throw new Error(`cannot unpack ${archive}`)
  return into
}
