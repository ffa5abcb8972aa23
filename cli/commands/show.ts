// acg show RUN: one run as a timeline, with the calls that the agent's own transcript adds.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { profileNamed } from '../calls/agents/table.ts'
import { callsWithoutProcess } from '../calls/agents/transcript.ts'
import { findRecord, type RecordFolder } from '../record/reader.ts'
import { recoverResult } from '../record/recover.ts'
import { runState } from '../record/state.ts'
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
  const result = record.result ?? recoverResult(record, WHY_NONE[runState(record)])
  const unseen = readUnseen(record)
  if (json) {
    console.log(JSON.stringify({ run: record.run, result, calls_without_process: unseen }, null, 2))
    return
  }
  for (const line of timelineLines({ run: record.run, result, unseen }, terminalColumns())) console.log(line)
}

const WHY_NONE = {
  running: 'it still runs',
  ended: 'its result is missing',
  abandoned: 'acg, which supervised the run, was killed',
} as const

function readUnseen({ folder, run }: RecordFolder): UnseenCall[] {
  const pattern = profileNamed(run.agent)?.config?.transcripts
  const agentFolder = join(folder, run.agent_config ?? '')
  if (!pattern || run.agent_config === null || !existsSync(agentFolder)) return []
  const files = [...new Bun.Glob(pattern).scanSync(agentFolder)]
  const calls = files.flatMap((file) => callsWithoutProcess(readFileSync(join(agentFolder, file), 'utf8')))
  return unseenCalls(calls, run.started_epoch_ms)
}
