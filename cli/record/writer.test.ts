import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleEvents, exampleResult, writeExampleRecord } from '../../test/example-record.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { validateRecord } from '../../test/validate-record.ts'
import { RecordWriter, writeWhole } from './writer.ts'

const root = temporaryFolder()

describe('RecordWriter', () => {
  test('create() makes a folder and files that nobody else can read: commands may hold secrets', () => {
    const folder = join(root, 'deep', 'private')
    writeExampleRecord(folder)
    const mode = (path: string) => statSync(path).mode & 0o777
    expect(mode(join(folder, '..'))).toBe(0o700)
    expect(mode(folder)).toBe(0o700)
    const files = readdirSync(folder).sort()
    expect(files).toEqual(['events.jsonl', 'result.json', 'run.json', 'samples.jsonl'])
    for (const file of files) expect(mode(join(folder, file))).toBe(0o600)
  })

  test('create() refuses a folder that is there: another run’s record must not be written over', () => {
    const folder = join(root, 'taken')
    RecordWriter.create(folder, 'abc123')[Symbol.dispose]()
    expect(() => RecordWriter.create(folder, 'abc123')).toThrow('EEXIST')
  })

  test('writes what the published schema says', () => {
    const folder = join(root, 'valid')
    writeExampleRecord(folder)
    expect(validateRecord(folder)).toEqual([])
  })

  test('events() has each event in the file when it returns, whatever comes next', () => {
    const folder = join(root, 'at-once')
    using writer = RecordWriter.create(folder, 'abc123')
    const lines = () => readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n')
    expect(lines()).toEqual(['{"event":"header","schema_version":4,"run_id":"abc123"}', ''])
    writer.events(exampleEvents())
    writer.events([])
    expect(lines()).toHaveLength(exampleEvents().length + 2)
    writer.events([exampleEvents()[0]!])
    expect(JSON.parse(lines().at(-2)!)).toEqual(exampleEvents()[0])
  })

  test('keeps a text with line breaks on one line', () => {
    const folder = join(root, 'one-line')
    using writer = RecordWriter.create(folder, 'abc123')
    writer.events([{ event: 'watch_ended', time_ms: 1, why: 'a\nb\u2028c' }])
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n')).toHaveLength(3)
  })
})

describe('writeWhole()', () => {
  test('replaces the document by a rename: a reader sees the old one or the new one', () => {
    const path = join(root, 'document.json')
    writeWhole(path, { old: true })
    const before = statSync(path).ino
    writeWhole(path, exampleResult())
    expect(statSync(path).ino).not.toBe(before)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(exampleResult())
    expect(readdirSync(root)).not.toContain('document.json.partial')
  })

  test('is not disturbed by what a killed writer left half-written', () => {
    const path = join(root, 'again.json')
    writeFileSync(`${path}.partial`, '{"half')
    writeWhole(path, { whole: true })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ whole: true })
  })
})
