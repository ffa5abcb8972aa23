import { describe, expect, test } from 'bun:test'
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleResult, exampleRun, writeExampleRecord } from './example-record.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { validateRecord } from './validate-record.ts'

const root = temporaryFolder()
let made = 0

/** A record that `spoil` has changed, held against the schemas. */
function spoilt(spoil: (folder: string) => void): string[] {
  const folder = join(root, String(made++))
  writeExampleRecord(folder)
  spoil(folder)
  return validateRecord(folder)
}

const change = (file: string, from: string, to: string) => (folder: string) => {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}
const put = (file: string, document: object) => (folder: string) =>
  writeFileSync(join(folder, file), JSON.stringify(document))
const add = (file: string, text: string) => (folder: string) => appendFileSync(join(folder, file), text)

describe('validateRecord()', () => {
  test('finds nothing wrong with what acg writes', () => expect(spoilt(() => {})).toEqual([]))

  test('finds nothing wrong with a torn last line', () => {
    expect(spoilt(add('events.jsonl', '{"event":"ex'))).toEqual([])
  })

  const table: [what: string, spoil: (folder: string) => void, violations: string[]][] = [
    [
      'a wrong type deep in an event, by its line',
      change('events.jsonl', '"argv":["make","test"]', '"argv":["make",7]'),
      ['events.jsonl:6 /argv/1 must be string'],
    ],
    [
      'a field that is missing',
      change('events.jsonl', '"call":1,"root"', '"root"'),
      [`events.jsonl:7 must have required property 'call'`],
    ],
    [
      'a field that nobody knows',
      change('events.jsonl', '"phase":"go"', '"phase":"go","colour":1'),
      ['events.jsonl:2 must NOT have additional properties: colour'],
    ],
    [
      'a word that is none of those allowed',
      put('result.json', exampleResult({ ending: 'tired' as 'lost' })),
      [
        'result.json:1 /ending must be equal to one of the allowed values: exited, killed, timeout, not_started, lost, unknown',
      ],
    ],
    [
      'bytes that are no whole number',
      change('samples.jsonl', '"memory_bytes":400', '"memory_bytes":0.5'),
      ['samples.jsonl:2 /calls/0/memory_bytes must be integer'],
    ],
    [
      'a number that JSON made null of',
      put('run.json', exampleRun({ started_epoch_ms: Number.NaN })),
      ['run.json:1 /started_epoch_ms must be number'],
    ],
    [
      'a second header',
      add('events.jsonl', '{"event":"header","schema_version":4,"run_id":"abc123"}\n'),
      ['events.jsonl:13 is a second header'],
    ],
    [
      'a header that is missing',
      (folder) =>
        writeFileSync(join(folder, 'events.jsonl'), '{"event":"run_phase","time_ms":1,"phase":"go"}\n'),
      ['events.jsonl:1 is not the header'],
    ],
    [
      'files of two runs',
      put('run.json', exampleRun({ run_id: 'other' })),
      ['run_id differs between files: other, abc123'],
    ],
    [
      'a file that is missing',
      (folder) => rmSync(join(folder, 'result.json')),
      ['result.json:1 is not there'],
    ],
    [
      'another version',
      put('run.json', exampleRun({ schema_version: 1 as 4 })),
      ['run.json:1 /schema_version must be equal to constant: 4'],
    ],
  ]
  for (const [what, spoil, violations] of table) {
    test(`names the file and line of ${what}`, () => expect(spoilt(spoil)).toEqual(violations))
  }

  test('names the line of what is no JSON, and of an event that nobody knows', () => {
    expect(spoilt(add('events.jsonl', 'broken\n'))[0]).toStartWith('events.jsonl:13 JSON Parse error')
    expect(spoilt(add('events.jsonl', '{"event":"party"}\n'))[0]).toStartWith(
      'events.jsonl:13 /event must be',
    )
  })

  test('wants no result of a run that has not finished', () => {
    const folder = join(root, 'living')
    writeExampleRecord(folder, { result: false })
    expect(validateRecord(folder, { finished: false })).toEqual([])
  })
})
