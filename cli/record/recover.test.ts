import { describe, expect, test } from 'bun:test'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleRun, writeExampleRecord } from '../../test/example-record.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { validateRecord } from '../../test/validate-record.ts'
import { openRecord } from './reader.ts'
import { recoverResult } from './recover.ts'
import { writeWhole } from './writer.ts'

const root = temporaryFolder()
const whole = join(root, 'whole')
writeExampleRecord(whole, { result: false })

describe('recoverResult()', () => {
  test('makes of the events and samples what the run would have, but for its end', () => {
    const result = recoverResult(openRecord(whole), 'acg was killed')
    expect(result).toMatchObject({
      ending: 'lost',
      reason: 'acg was killed',
      exit_code: null,
      signal: null,
      acg_exit_code: 125,
      duration_ms: 700,
      phases: { startup_ms: 40, thinking_ms: 360, calls_ms: 300 },
      peak: { bytes: 9000, source: 'cgroup2', call: 1 },
      watch: { power: 'seccomp', complete: false },
      processes: { runtime: 1, service: 0, call: 2, housekeeping: 0 },
    })
    expect(result.calls).toMatchObject([
      { call: 1, end_ms: 300, exit_code: 2, kind: 'test', peak_bytes: 8000 },
      // It was open, and nobody knows when it ended.
      { call: 2, end_ms: null, exit_code: null, kind: 'git', peak_bytes: 500 },
    ])
  })

  test('works wherever the writer was killed: each event file that is cut off gives a valid result', () => {
    const events = readFileSync(join(whole, 'events.jsonl'))
    const folder = join(root, 'cut')
    mkdirSync(folder)
    for (const file of ['run.json', 'samples.jsonl']) copyFileSync(join(whole, file), join(folder, file))
    for (let bytes = 0; bytes <= events.length; bytes += 41) {
      writeFileSync(join(folder, 'events.jsonl'), events.subarray(0, bytes))
      writeWhole(
        join(folder, 'result.json'),
        recoverResult({ ...openRecord(folder), result: null }, 'killed'),
      )
      const { duration_ms, phases } = openRecord(folder).result!
      expect(phases.startup_ms + phases.thinking_ms + phases.calls_ms).toBeCloseTo(duration_ms, 6)
      // A file of no byte at all has no header either; every other one is a record.
      const violations = validateRecord(folder).filter((each) => !each.includes('header'))
      expect(violations).toEqual([])
    }
  })

  test('has all of it in start-up where the run was killed before the agent was told to go', () => {
    const folder = join(root, 'early')
    mkdirSync(folder)
    writeWhole(join(folder, 'run.json'), exampleRun())
    writeFileSync(join(folder, 'events.jsonl'), '')
    expect(recoverResult(openRecord(folder), 'killed')).toMatchObject({
      duration_ms: 0,
      phases: { startup_ms: 0, thinking_ms: 0, calls_ms: 0 },
      peak: { bytes: null, source: null, call: null },
      calls: [],
    })
  })

  test('tells no calls of an agent that this acg has no profile of, rather than wrong ones', () => {
    const folder = join(root, 'unknown')
    writeExampleRecord(folder, { result: false })
    writeWhole(join(folder, 'run.json'), exampleRun({ agent: 'of-the-future' }))
    expect(recoverResult(openRecord(folder), 'killed')).toMatchObject({ calls: [], duration_ms: 700 })
  })

  test('takes the events alone, not what acg had concluded from them: both come out the same', () => {
    const folder = join(root, 'twice')
    writeExampleRecord(folder, { result: false })
    const retracted = { event: 'call_retracted', time_ms: 650, call: 9, why: 'made up' }
    appendFileSync(join(folder, 'events.jsonl'), `${JSON.stringify(retracted)}\n`)
    expect(recoverResult(openRecord(folder), 'killed').calls).toHaveLength(2)
  })
})
