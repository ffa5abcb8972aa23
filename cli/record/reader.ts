// Reads a run's folder, whatever state its writer left it in: a torn last line is passed over, and a run without
// a result gets one from its events.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AcgError } from '../errors.ts'
import { runsFolder } from '../places.ts'
import type { Origin, RecordEvent, Result, Run, Sample, SamplesHeader } from './schema.ts'
import { READABLE_VERSIONS } from './vocabulary.ts'

export interface RecordFolder {
  readonly folder: string
  readonly run: Run
  /** null while the run lives, and if acg was killed. */
  readonly result: Result | null
}

/** Every record of the user, newest first. A folder without a readable run.json is not a record. */
export function listRecords(root = runsFolder()): RecordFolder[] {
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'run.json')))
    .flatMap((name) => openIfReadable(join(root, name)))
    .sort((a, b) => b.run.started_epoch_ms - a.run.started_epoch_ms)
}

function openIfReadable(folder: string): RecordFolder[] {
  try {
    return [openRecord(folder)]
  } catch (error) {
    if (error instanceof AcgError) return []
    throw error
  }
}

/** The record that `reference` means: an id, its beginning, or a folder. Throws AcgError. */
export function findRecord(reference: string, root = runsFolder()): RecordFolder {
  if (existsSync(join(reference, 'run.json'))) return openRecord(reference)
  const all = existsSync(root) ? readdirSync(root).sort() : []
  const names = all.filter((name) => name.startsWith(reference))
  const [only] = names
  if (names.length === 1 && only) return openRecord(join(root, only))
  throw new AcgError({
    what: `cannot show run "${reference}": ${names.length === 0 ? 'there is no such record' : 'more than one begins so'}`,
    seen: names.length === 0 ? `nothing of that name in ${root}` : names.join(', '),
    hint: 'list them with `acg runs`',
  })
}

/** Throws AcgError if the folder is no record that this acg can read. */
export function openRecord(folder: string): RecordFolder {
  const run = readDocument<Run>(join(folder, 'run.json'))
  const result = join(folder, 'result.json')
  return { folder, run, result: existsSync(result) ? readDocument<Result>(result) : null }
}

/** null if acg ran the run itself. */
export function readOrigin({ folder }: RecordFolder): Origin | null {
  const path = join(folder, 'origin.json')
  return existsSync(path) ? readDocument<Origin>(path) : null
}

export function readEvents({ folder }: RecordFolder): RecordEvent[] {
  return readLines<RecordEvent>(join(folder, 'events.jsonl'))
}

export function readSamples({ folder }: RecordFolder): { header: SamplesHeader | null; samples: Sample[] } {
  const lines = readLines<Sample | SamplesHeader>(join(folder, 'samples.jsonl'))
  const isHeader = (line: Sample | SamplesHeader): line is SamplesHeader => 'schema_version' in line
  return {
    header: lines.find(isHeader) ?? null,
    samples: lines.filter((line): line is Sample => !isHeader(line)),
  }
}

function readDocument<Document extends { schema_version: number }>(path: string): Document {
  let document: Document
  try {
    document = JSON.parse(readFileSync(path, 'utf8')) as Document
  } catch (error) {
    throw new AcgError({
      what: `cannot read ${path}`,
      seen: (error as Error).message,
      hint: 'name another run; see `acg runs`',
    })
  }
  if (READABLE_VERSIONS.includes(document.schema_version)) return document
  throw new AcgError({
    what: `cannot read ${path}: it was written by another version of acg`,
    seen: `schema_version ${document.schema_version}, where this acg knows ${listed(READABLE_VERSIONS)}`,
    hint: 'read it with the acg that wrote it (acg_version in run.json)',
  })
}

/** Only the last line can be torn; anything else that is no JSON is an error of its own. */
function readLines<Line>(path: string): Line[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as Line)
}

/** The list's format is made where it is wanted: it loads ICU, which takes a run's start a millisecond. */
function listed(versions: readonly number[]): string {
  return new Intl.ListFormat('en').format(versions.map(String))
}
