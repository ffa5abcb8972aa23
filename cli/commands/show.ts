// acg show RUN: one run as a timeline, with the calls that the agent's own transcript adds.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { callsWithoutProcess } from '../calls/agents/transcript.ts'
import { findRecord, type RecordFolder } from '../record/reader.ts'
import { resultOf } from '../record/recover.ts'
import { transcriptFiles } from '../record/transcripts.ts'
import { terminalColumns } from '../report/terminal.ts'
import { timelineLines, type UnseenCall, unseenCalls } from '../report/timeline.ts'

export function showCommand(): Command {
  return new Command('show')
    .summary('show one run as a timeline')
    .argument('<run>', 'its id, the beginning of it, or its folder')
    .option('--json', 'the result, and the calls without a process, as JSON')
    .action(show)
}

function show(reference: string, { json }: { json?: boolean }): void {
  const record = findRecord(reference)
  const result = resultOf(record)
  const unseen = readUnseen(record)
  if (json) {
    console.log(JSON.stringify({ run: record.run, result, calls_without_process: unseen }, null, 2))
    return
  }
  for (const line of timelineLines({ run: record.run, result, unseen }, terminalColumns())) console.log(line)
}

function readUnseen(record: RecordFolder): UnseenCall[] {
  const calls = transcriptFiles(record).flatMap((file) =>
    callsWithoutProcess(readFileSync(join(record.folder, file), 'utf8')),
  )
  return unseenCalls(calls, record.run.started_epoch_ms)
}
