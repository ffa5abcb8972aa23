import { describe, expect, test } from 'bun:test'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { complaint } from '../../test/complaint.ts'
import { exampleEvents, exampleRun, exampleSamples, writeExampleRecord } from '../../test/example-record.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { findRecord, listRecords, openRecord, readEvents, readSamples } from './reader.ts'
import { writeWhole } from './writer.ts'

const root = temporaryFolder()
let made = 0

function record({ result = true } = {}): string {
  const folder = join(root, 'single', String(made++))
  writeExampleRecord(folder, { result })
  return folder
}

describe('openRecord()', () => {
  test('reads what was written, and null for a result that is not there yet', () => {
    expect(openRecord(record())).toMatchObject({ run: exampleRun(), result: { run_id: 'abc123' } })
    expect(openRecord(record({ result: false })).result).toBeNull()
  })

  test('refuses a record of another version rather than misread it', () => {
    const folder = record()
    writeWhole(join(folder, 'run.json'), { ...exampleRun(), schema_version: 99 })
    expect(complaint(() => openRecord(folder)).seen).toBe(
      'schema_version 99, where this acg knows 1, 2, 3, and 4',
    )
  })

  test('says which file it cannot read', () => {
    const folder = record()
    writeFileSync(join(folder, 'result.json'), '{"half')
    expect(complaint(() => openRecord(folder)).message).toBe(`cannot read ${folder}/result.json`)
  })
})

describe('readEvents() and readSamples()', () => {
  test('give what was written, the header of samples apart', () => {
    const opened = openRecord(record())
    expect(readEvents(opened).slice(1)).toEqual(exampleEvents())
    const [header, ...samples] = exampleSamples()
    expect(readSamples(opened)).toEqual({ header, samples })
  })

  test('pass over a torn last line: a writer may be killed at any point', () => {
    const opened = openRecord(record())
    appendFileSync(join(opened.folder, 'events.jsonl'), '{"event":"exit","time_m')
    appendFileSync(join(opened.folder, 'samples.jsonl'), '{"time_ms":800,"memory_bytes":12')
    expect(readEvents(opened)).toHaveLength(exampleEvents().length + 1)
    expect(readSamples(opened).samples).toHaveLength(exampleSamples().length - 1)
  })

  test('pass over a last line that is whole JSON but for its end: a number may have been cut', () => {
    const opened = openRecord(record())
    appendFileSync(join(opened.folder, 'samples.jsonl'), '12')
    expect(readSamples(opened).samples).toHaveLength(exampleSamples().length - 1)
  })

  test('give nothing where the files are empty or missing', () => {
    const folder = join(root, 'bare')
    mkdirSync(folder)
    writeWhole(join(folder, 'run.json'), exampleRun())
    writeFileSync(join(folder, 'samples.jsonl'), '')
    expect(readEvents(openRecord(folder))).toEqual([])
    expect(readSamples(openRecord(folder))).toEqual({ header: null, samples: [] })
  })

  test('throw for a broken line in the middle: that is no record of ours', () => {
    const opened = openRecord(record())
    appendFileSync(join(opened.folder, 'events.jsonl'), 'broken\n{"event":"x"}\n')
    expect(() => readEvents(opened)).toThrow(SyntaxError)
  })
})

describe('listRecords() and findRecord()', () => {
  const runs = join(root, 'runs')
  const make = (name: string, started_epoch_ms: number) => {
    mkdirSync(join(runs, name), { recursive: true })
    writeWhole(join(runs, name, 'run.json'), exampleRun({ run_id: name, started_epoch_ms }))
  }
  make('aa1111', 1)
  make('ab2222', 3)
  make('ac3333', 2)
  mkdirSync(join(runs, 'being-made'))
  make('ff0000', 4)
  writeFileSync(join(runs, 'ff0000', 'run.json'), '')

  test('listRecords() gives the newest first, and passes over what cannot be read: the others can', () => {
    expect(listRecords(runs).map(({ run }) => run.run_id)).toEqual(['ab2222', 'ac3333', 'aa1111'])
    expect(listRecords(join(root, 'nowhere'))).toEqual([])
  })

  test('findRecord() takes an id, its beginning or a folder', () => {
    for (const reference of ['ab2222', 'ab', join(runs, 'ab2222')])
      expect(findRecord(reference, runs).run.run_id).toBe('ab2222')
  })

  test('findRecord() says what it knows where one is not meant', () => {
    expect(complaint(() => findRecord('a', runs)).seen).toBe('aa1111, ab2222, ac3333')
    expect(complaint(() => findRecord('zz', runs)).message).toBe(
      'cannot show run "zz": there is no such record',
    )
    expect(complaint(() => findRecord('zz', join(root, 'nowhere'))).hint).toBe('list them with `acg runs`')
  })
})
