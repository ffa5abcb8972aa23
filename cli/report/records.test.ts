import { describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleResult, exampleRun, exampleSamples, writeExampleRecord } from '../../test/example-record.ts'
import { makeDataSet } from '../../test/published-data.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { validateRecord } from '../../test/validate-record.ts'
import { reportRows } from '../analysis/report.ts'
import { MODES, type Row } from '../analysis/row.ts'
import { taskFolders } from '../import/agentcgroup/layout.ts'
import { importRun } from '../import/agentcgroup/records.ts'
import { importTranscript } from '../import/claude.ts'
import { LossLog } from '../import/losses.ts'
import { openRecord, readOrigin, readSamples } from '../record/reader.ts'
import { readSource } from './source.ts'

const place = temporaryFolder()
const newFolder = () => mkdtempSync(join(place, 'each-'))

async function rowsOf(...references: string[]): Promise<Row[]> {
  const { scope } = await readSource(references)
  return MODES.flatMap((mode) => reportRows(scope, mode))
}

const valueIn = (rows: readonly Row[], mode: string) => (id: string) =>
  rows.find((row) => row.mode === mode && row.id === id)?.value

describe('readSource()', () => {
  test('measures a record of acg’s own: its phases, its calls and its samples', async () => {
    const folder = join(newFolder(), 'record')
    writeExampleRecord(folder)
    const rows = await rowsOf(folder)
    const value = valueIn(rows, 'corrected')
    const { duration_ms: duration, phases, agent } = exampleResult()
    expect(value('exec_time.median_min.all')).toBeCloseTo(duration / 60_000, 9)
    expect(value('startup.mean_s.all')).toBeCloseTo(phases.startup_ms / 1000, 9)
    expect(value(`tool.bash.share.${agent}`)).toBe(100)
    expect(value(`calls.total.${agent}`)).toBe(exampleResult().calls.length)
    expect(value(`cpu.peak.${agent}`)).toBe(
      Math.max(...exampleSamples().map((each) => ('cpu_percent' in each ? (each.cpu_percent ?? 0) : 0))),
    )
    for (const { value: each } of rows) expect(typeof each !== 'number' || Number.isFinite(each)).toBe(true)
  })

  test('reads every record of a folder when it holds several', async () => {
    const root = newFolder()
    for (const name of ['one', 'two']) writeExampleRecord(join(root, name))
    const value = valueIn(await rowsOf(root), 'paper')
    expect(value(`tasks.valid.${exampleRun().agent}`)).toBe(2)
  })

  test('gives the same rows of imported runs as of the data that they come from', async () => {
    const data = newFolder()
    const records = newFolder()
    makeDataSet(data)
    const losses = new LossLog()
    for (const task of taskFolders(data, losses)) {
      const imported = importRun(data, task, task.set !== 'glm', records, losses)
      expect(imported?.isKnown).toBe(false)
      expect(validateRecord(imported?.folder as string)).toEqual([])
      expect(importRun(data, task, false, records, losses)?.isKnown).toBe(true)
    }
    const told = (rows: Row[]) => rows.filter(({ id }) => !id.startsWith('success.'))
    expect(told(await rowsOf(records))).toEqual(told(await rowsOf(data)))
    expect(losses.list()).toEqual([])
  })

  test('puts what was before the container at the run’s beginning, which its samples do not see', () => {
    const data = newFolder()
    makeDataSet(data)
    const [task] = taskFolders(data, new LossLog())
    const imported = importRun(data, task!, false, newFolder(), new LossLog())
    const record = openRecord(imported?.folder as string)
    const times = readSamples(record).samples.map(({ time_ms }) => time_ms)
    const { duration_ms: duration = 0 } = record.result ?? {}
    expect(times.at(-1)).toBeCloseTo(duration, 3)
    expect(times[0]).toBeCloseTo(duration - 89 * 1040, 3)
    expect(times[0]).toBeGreaterThan(5000)
  })
})

describe('importTranscript()', () => {
  test('makes a valid record of a transcript, in which nothing is invented', () => {
    const file = join(newFolder(), 'session.jsonl')
    const at = (second: number) => new Date(1_790_000_000_000 + second * 1000).toISOString()
    const lines = [
      { type: 'user', timestamp: at(0), cwd: '/some/project', sessionId: 's', message: { content: 'do it' } },
      {
        type: 'assistant',
        timestamp: at(2),
        message: {
          id: 'm',
          content: [{ type: 'tool_use', id: 'a', name: 'Bash', input: { command: 'pytest' } }],
        },
      },
      {
        type: 'user',
        timestamp: at(5),
        message: { content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] },
      },
      {
        type: 'assistant',
        timestamp: at(6),
        message: {
          id: 'n',
          content: [{ type: 'tool_use', id: 'b', name: 'Bash', input: { command: 'ls' } }],
        },
      },
    ]
    writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"type": "cut`)
    const losses = new LossLog()
    const { folder } = importTranscript(file, newFolder(), losses)
    expect(validateRecord(folder)).toEqual([])
    expect(losses.list()).toEqual([{ file: 'session.jsonl', at: 'line 5', seen: 'is no JSON', count: 1 }])
    const record = openRecord(folder)
    expect(record.run).toMatchObject({ project: '/some/project', podman: null, supervisor: null })
    expect(record.result).toMatchObject({
      ending: 'unknown',
      duration_ms: 6000,
      peak: { bytes: null },
      processes: null,
    })
    expect(record.result?.calls.map(({ start_ms, end_ms, kind }) => [start_ms, end_ms, kind])).toEqual([
      [2000, 5000, 'test'],
      [6000, null, 'explore'],
    ])
    expect(readOrigin(record)).toMatchObject({ origin: 'claude', task: null, losses: losses.list() })
  })

  test('refuses a file when no line of it has a time', () => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'x.jsonl'), '{"a": 1}\n')
    expect(() => importTranscript(join(folder, 'x.jsonl'), newFolder(), new LossLog())).toThrow(
      'it is no transcript of Claude Code',
    )
  })
})
