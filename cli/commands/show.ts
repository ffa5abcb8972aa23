// acg show RUN: one run as a timeline, with the calls that the agent's own transcript adds.

import { Command } from 'commander'
import { findRecord } from '../record/reader.ts'
import { resultOf } from '../record/recover.ts'
import { terminalColumns } from '../report/terminal.ts'
import { timelineLines } from '../report/timeline.ts'
import { readUnseen } from '../report/unseen.ts'

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
