// acg's own records as a report's source: a group for each agent.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordedRun } from '../analysis/record-run.ts'
import type { Scope } from '../analysis/scope.ts'
import { type RunSummary, summarize } from '../analysis/summary.ts'
import { callsWithoutProcess } from '../calls/agents/transcript.ts'
import { AcgError } from '../errors.ts'
import { readTrace } from '../import/agentcgroup/trace.ts'
import { LossLog } from '../import/losses.ts'
import { findRecord, listRecords, type RecordFolder, readSamples } from '../record/reader.ts'
import { resultOf } from '../record/recover.ts'
import { transcriptFiles } from '../record/transcripts.ts'
import type { ReportSource } from './source.ts'

/** Every record if no run is named. */
export function readRecords(
  references: readonly string[],
  progress: (done: number, of: number) => void,
): ReportSource {
  const records = references.length > 0 ? references.map((each) => findRecord(each)) : listRecords()
  if (records.length === 0) {
    throw new AcgError({ what: 'cannot report: there are no records', hint: 'make one with `acg demo`' })
  }
  const losses = new LossLog()
  const summaries = records.flatMap((record, at) => {
    progress(at, records.length)
    return readRecord(record, losses) ?? []
  })
  progress(records.length, records.length)
  return { scope: agentScope(summaries), losses: losses.list() }
}

function readRecord(record: RecordFolder, losses: LossLog): RunSummary | null {
  const { folder, run } = record
  const place = (file: string) => ({ root: folder, file, losses })
  const transcripts = transcriptFiles(record)
  try {
    const loaded = recordedRun({
      group: run.agent,
      task: run.project,
      result: resultOf(record),
      samples: readSamples(record).samples,
      unseen: transcripts.flatMap((file) => callsWithoutProcess(readFileSync(join(folder, file), 'utf8'))),
      transcript: readTrace(...transcripts.map(place))?.trace ?? null,
    })
    return summarize(loaded)
  } catch (error) {
    // A line of a record that is no JSON: its disk was full, or someone edited it.
    if (!(error instanceof SyntaxError || error instanceof AcgError)) throw error
    losses.note(run.run_id, null, 'is left out: the record is damaged')
    return null
  }
}

function agentScope(summaries: readonly RunSummary[]): Scope {
  const agents = [...Map.groupBy(summaries, ({ group }) => group)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )
  return {
    main: agents.map(([agent, runs]) => ({ key: agent, label: `the runs of ${agent}`, runs })),
    pilot: null,
  }
}
