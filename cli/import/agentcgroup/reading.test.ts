import { describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { damageMany } from '../../../test/damage.ts'
import { MADE_RUNS, makeDataSet } from '../../../test/published-data.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { reportRows } from '../../analysis/report.ts'
import { MODES } from '../../analysis/row.ts'
import { readDataSet } from './reading.ts'
import { publishedScope } from './scope.ts'

const SEED = 20_261_123
const quietly = () => {}
const place = temporaryFolder()
const newFolder = () => mkdtempSync(join(place, 'data-'))

async function rowsOf(root: string) {
  const read = await readDataSet(root, quietly)
  const scope = publishedScope(read)
  return { losses: read.losses, rows: MODES.flatMap((mode) => reportRows(scope, mode)) }
}

describe('readDataSet()', () => {
  test('finds nothing lost when the data is whole', async () => {
    const folder = newFolder()
    makeDataSet(folder)
    const { rows, losses } = await rowsOf(folder)
    expect(losses).toEqual([])
    const value = (id: string) => rows.find((row) => row.mode === 'paper' && row.id === id)?.value
    expect(value('tasks.valid.all')).toBe(3)
    expect(value('tasks.common.all')).toBe(1)
    expect(value('success.count.haiku')).toBe(1)
  })

  test('gives every number finite and null only with its n when there is one run, or none of a set', async () => {
    for (const run of MADE_RUNS) {
      const folder = newFolder()
      makeDataSet(folder, [run])
      const { rows } = await rowsOf(folder)
      for (const { value } of rows) expect(typeof value !== 'number' || Number.isFinite(value)).toBe(true)
      expect(new Set(rows.map(({ id, mode }) => `${mode} ${id}`)).size).toBe(rows.length)
    }
  })

  test('takes the lexically last attempt when there are several', async () => {
    const folder = newFolder()
    const run = { set: 'batch_swebench_18tasks', task: 'DevOps_Build_Hard' }
    makeDataSet(folder, [
      { ...run, attempt: 'attempt_1', seed: 1, samples: 60 },
      { ...run, attempt: 'attempt_2', seed: 2, samples: 100 },
    ])
    const { rows } = await rowsOf(folder)
    const value = (id: string) => rows.find((row) => row.id === id)?.value
    expect(value('repeat.attempt_1_s.eighteen')).toBe(72.5)
    expect(value('repeat.attempt_2_s.eighteen')).toBe(112.5)
    expect(value('repeat.attempt_3_s.eighteen')).toBeNull()
    expect(value('repeat.spread.eighteen')).toBeCloseTo(112.5 / 72.5)
  })

  test('names a file that is missing, cut or a folder, and reads on', async () => {
    const folder = newFolder()
    makeDataSet(folder)
    const run = 'all_images_local/owner__two-2/attempt_1'
    symlinkSync('loop', join(folder, 'all_images_local/loop'))
    const path = (name: string) => join(folder, run, name)
    rmSync(path('trace.jsonl'))
    truncateSync(path('resources.json'), 3000)
    rmSync(path('results.json'))
    mkdirSync(path('results.json'))
    writeFileSync(path('tool_calls.json'), '"text"')
    const { rows, losses } = await rowsOf(folder)
    expect(losses.map((loss) => `${loss.file.replace(`${run}/`, '')} ${loss.seen}`)).toEqual(
      expect.arrayContaining([
        'trace.jsonl is not there',
        'results.json cannot be read (EISDIR)',
        'tool_calls.json is text, not a list',
        'resources.json summary is missing',
        'all_images_local/loop cannot be read (ELOOP)',
      ]),
    )
    expect(rows.find(({ id }) => id === 'tasks.valid.glm')?.value).toBe(1)
  })

  test('reads to the end, keeps other runs as they are and names every loss when a file is damaged', async () => {
    const { faults, byKind } = await damageMany(70, SEED)
    expect(faults).toEqual([])
    expect(Object.values(byKind)).toEqual(Array(7).fill(10))
  })
})
