// The command line of acg report, simulate and import, on made-up data.

import { beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeExampleRecord } from '../../test/example-record.ts'
import { makeDataSet } from '../../test/published-data.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Row } from '../analysis/row.ts'

const place = temporaryFolder()
const data = join(place, 'data')

beforeAll(() => makeDataSet(data))

function acg(...args: string[]): { code: number; out: string; said: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, '../main.ts'), ...args],
    {
      env: { ...process.env, XDG_STATE_HOME: join(place, 'state'), SUDO_UID: undefined },
    },
  )
  return { code: exitCode, out: stdout.toString(), said: stderr.toString() }
}

describe('acg report', () => {
  test('prints rows of the mode that is asked for, each with its six fields, and nothing on stderr', () => {
    for (const mode of ['paper', 'corrected']) {
      const { code, out, said } = acg('report', data, '--mode', mode, '--json')
      const rows = JSON.parse(out) as Row[]
      expect({ code, said }).toEqual({ code: 0, said: '' })
      expect(new Set(rows.map((row) => row.mode))).toEqual(new Set([mode]) as Set<Row['mode']>)
      for (const row of rows)
        expect(Object.keys(row)).toEqual(['id', 'mode', 'value', 'unit', 'n', 'definition'])
    }
  })

  test('writes the same rows as CSV', () => {
    const rows = JSON.parse(acg('report', data, '--json').out) as Row[]
    expect(acg('report', data, '--csv', join(place, 'csv')).code).toBe(0)
    expect(
      readFileSync(join(place, 'csv', 'corrected.csv'), 'utf8')
        .trimEnd()
        .split('\r\n'),
    ).toHaveLength(rows.length + 1)
  })

  test('says what is not there and what to type when there are no records', () => {
    const { code, said } = acg('report')
    expect(code).toBe(125)
    expect(said).toBe('acg: cannot report: there are no records\n  hint: make one with `acg demo`\n')
  })

  test('reports imported runs as it does the data', () => {
    const into = join(place, 'records')
    expect(acg('import', 'agentcgroup', data, '--to', into).out.trim().split('\n')).toHaveLength(4)
    expect(acg('report', into, '--mode', 'paper', '--json')).toEqual(
      acg('report', data, '--mode', 'paper', '--json'),
    )
  })
})

describe('acg simulate', () => {
  test('prints the same twice, and refuses a size that is none', () => {
    const again = () => acg('simulate', data, '--memory', '2g', '--repeats', '2', '--json')
    const { code, out } = again()
    expect(code).toBe(0)
    expect((JSON.parse(out) as Row[]).map(({ id }) => id)).toContain('simulate.elastic.runs')
    expect(again().out).toBe(out)
    expect(acg('simulate', data, '--memory', 'much').code).toBe(125)
  })
})

describe('acg report --html', () => {
  const page = (...args: string[]) => {
    const html = join(place, 'page.html')
    expect(acg('report', ...args, '--html', html, '--svg', join(place, 'charts'))).toEqual({
      code: 0,
      out: '',
      said: '',
    })
    return readFileSync(html, 'utf8')
  }

  test('has nine figures, a table for every chart, and every measurement, in both modes', () => {
    for (const mode of ['paper', 'corrected']) {
      const text = page(data, '--mode', mode)
      expect(text.match(/Measurements of figure \d<\/summary>/g)).toHaveLength(9)
      const charts = text.match(/<div class="drawn">.*?<\/details>/gs) ?? []
      expect(charts.length).toBeGreaterThan(9)
      for (const chart of charts) expect(chart.match(/<div class="drawn">/g)).toHaveLength(1)
      expect(text).not.toMatch(/NaN|Infinity|undefined/)
      const rows = JSON.parse(acg('report', data, '--mode', mode, '--json').out) as Row[]
      for (const { id } of rows) expect(text).toContain(`<td>${id}</td>`)
    }
  })

  test('writes each chart as a picture by itself, with its colors', () => {
    page(data)
    const svg = readFileSync(join(place, 'charts', 'many-runs.svg'), 'utf8')
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><style>/)
    expect(svg).not.toContain('light-dark')
  })

  test('is the run’s own page when there is one record, however it is named', () => {
    const all = join(place, 'many')
    acg('import', 'agentcgroup', data, '--to', all)
    const [name = ''] = readdirSync(all)
    const runs = join(place, 'state', 'acg', 'runs')
    cpSync(join(all, name), join(runs, name), { recursive: true })
    for (const named of [[join(runs, name)], [runs], [name], []]) {
      expect(page(...named)).toContain(`<h1>Run ${name}`)
    }
    expect(page(all)).not.toContain('<h1>Run')
    rmSync(runs, { recursive: true })
  })

  test('is a report that names the loss when the only record is damaged', () => {
    const folder = join(place, 'damaged')
    writeExampleRecord(folder)
    writeFileSync(join(folder, 'samples.jsonl'), 'no JSON\n')
    const html = join(place, 'page.html')
    const { code, said } = acg('report', folder, '--html', html)
    expect({ code, said }).toEqual({
      code: 0,
      said: 'acg: lost: abc123: is left out: the record is damaged\n',
    })
    const text = readFileSync(html, 'utf8')
    expect(text).toContain('What of the data could not be used')
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
  })
})
