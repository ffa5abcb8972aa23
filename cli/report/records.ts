// acg's own records as a report's source: the study’s runs in its groups, others by agent.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { groupOf, type Kept, keep, nothingKept } from '../analysis/kept.ts'
import { recordedRun } from '../analysis/record-run.ts'
import type { LoadedRun } from '../analysis/run.ts'
import type { Scope } from '../analysis/scope.ts'
import { callsWithoutProcess } from '../calls/agents/transcript.ts'
import { AcgError } from '../errors.ts'
import { SETS } from '../import/agentcgroup/layout.ts'
import { originalRun } from '../import/agentcgroup/records.ts'
import { publishedScope } from '../import/agentcgroup/scope.ts'
import { readTrace } from '../import/agentcgroup/trace.ts'
import { LossLog } from '../import/losses.ts'
import { findRecord, listRecords, type RecordFolder, readOrigin, readSamples } from '../record/reader.ts'
import { resultOf } from '../record/recover.ts'
import { transcriptFiles } from '../record/transcripts.ts'
import type { OneRun, ReportSource } from './source.ts'

/** Every record if no run is named; a folder may hold one record, or many. */
export function readRecords(
  references: readonly string[],
  progress: (done: number, of: number) => void,
  withSeconds: boolean,
): ReportSource {
  const records = references.length > 0 ? references.flatMap(recordsOf) : listRecords()
  if (records.length === 0) {
    throw new AcgError({ what: 'cannot report: there are no records', hint: 'make one with `acg demo`' })
  }
  const losses = new LossLog()
  let only: OneRun | null = null
  const kept = nothingKept()
  for (const [at, record] of records.entries()) {
    progress(at, records.length)
    const run = readRecord(record, losses)
    if (run === null) continue
    if (records.length === 1) only = { record, run }
    keep(kept, run, withSeconds)
  }
  progress(records.length, records.length)
  return { scope: scopeOf(kept), losses: losses.list(), only }
}

function recordsOf(reference: string): RecordFolder[] {
  const within = existsSync(join(reference, 'run.json')) ? [] : listRecords(reference)
  return within.length > 0 ? within : [findRecord(reference)]
}

/** null if the record is damaged. */
function readRecord(record: RecordFolder, losses: LossLog): LoadedRun | null {
  try {
    return loadRecord(record, losses)
  } catch (error) {
    // A line of a record that is no JSON: its disk was full, or someone edited it.
    if (!(error instanceof SyntaxError || error instanceof AcgError)) throw error
    losses.note(record.run.run_id, null, 'is left out: the record is damaged')
    return null
  }
}

/** One run with its samples and calls. Throws SyntaxError or AcgError if its record is damaged. */
function loadRecord(record: RecordFolder, losses: LossLog): LoadedRun {
  const origin = readOrigin(record)
  for (const { file, at, seen } of origin?.losses ?? []) losses.note(file, at, seen)
  // What its source lacks was noted when it was imported.
  return origin?.origin === 'agentcgroup'
    ? originalRun(record, origin, new LossLog())
    : ownRun(record, losses)
}

function ownRun(record: RecordFolder, losses: LossLog): LoadedRun {
  const { folder, run } = record
  const transcripts = transcriptFiles(record)
  return recordedRun({
    group: run.agent,
    task: run.project ?? run.run_id,
    result: resultOf(record),
    samples: readSamples(record).samples,
    unseen: transcripts.flatMap((file) => callsWithoutProcess(readFileSync(join(folder, file), 'utf8'))),
    transcript: readTrace(...transcripts.map((file) => ({ root: folder, file, losses })))?.trace ?? null,
  })
}

/** The study's runs in its own groups, and one group for each agent of the others. */
function scopeOf(kept: Kept): Scope {
  const keys = new Set(kept.summaries.map(({ group }) => group))
  const published = SETS.filter(({ key }) => keys.delete(key))
  const agents = [...keys].sort().map((agent) => groupOf(kept, agent, `the runs of ${agent}`, false))
  if (published.length === 0) return { main: agents, pilot: null }
  const { main, pilot } = publishedScope(kept)
  return { main: [...main, ...agents], pilot }
}
