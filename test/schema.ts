// The published JSON Schemas of a record, docs/schema/*.json, from the one definition in cli/record/schema.ts.
//
//   bun test/schema.ts            writes them
//   bun test/schema.ts --check    says which are out of date, and exits with 1

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ConversionConfig, toJsonSchema } from '@valibot/to-json-schema'
import { RECORD_FILES } from '../cli/record/schema.ts'

export type RecordFile = keyof typeof RECORD_FILES

const FOLDER = resolve(import.meta.dir, '../docs/schema')
const CONFIG: ConversionConfig = { target: 'draft-2020-12', errorMode: 'throw' }

const TITLES: Readonly<Record<RecordFile, readonly [title: string, description: string]>> = {
  'run.json': ['A run', 'The document run.json of a record. Explained in docs/record.md.'],
  'events.jsonl': ['An event of a run', 'One line of events.jsonl of a record. Explained in docs/record.md.'],
  'samples.jsonl': [
    'A sample of a run, or the header of its samples',
    'One line of samples.jsonl of a record. Explained in docs/record.md.',
  ],
  'result.json': ['What came of a run', 'The document result.json of a record. Explained in docs/record.md.'],
  'origin.json': [
    'Where an imported run comes from',
    'The document origin.json of a record. Explained in docs/record.md.',
  ],
}

export const RECORD_FILE_NAMES = Object.keys(RECORD_FILES) as RecordFile[]

export function schemaPath(file: RecordFile): string {
  return join(FOLDER, `${file.split('.')[0]}.schema.json`)
}

/** The schema of a document, or of one line where the file is of lines. */
export function schemaOf(file: RecordFile): Record<string, unknown> {
  const [title, description] = TITLES[file]
  const { $schema, ...rest } = toJsonSchema(RECORD_FILES[file], CONFIG)
  return { $schema, title, description, ...rest }
}

/** The published schemas that are not what the code says. */
export function outdated(): string[] {
  return RECORD_FILE_NAMES.filter((file) => {
    const path = schemaPath(file)
    return !existsSync(path) || readFileSync(path, 'utf8') !== textOf(file)
  }).map(schemaPath)
}

function textOf(file: RecordFile): string {
  return `${JSON.stringify(schemaOf(file), null, 2)}\n`
}

function main(): void {
  if (process.argv.includes('--check')) {
    const files = outdated()
    for (const file of files) console.error(`out of date: ${file}; run \`bun test/schema.ts\``)
    process.exitCode = files.length > 0 ? 1 : 0
    return
  }
  mkdirSync(FOLDER, { recursive: true })
  for (const file of RECORD_FILE_NAMES) writeFileSync(schemaPath(file), textOf(file))
}

if (import.meta.main) main()
