// acg runs: the records that are there.

import { Command } from 'commander'
import { listRecords, type RecordFolder } from '../record/reader.ts'
import { type RunState, runState } from '../record/state.ts'
import { summaryLine } from '../report/summary.ts'
import { isPaused } from '../supervisor/pausing.ts'

export function runsCommand(): Command {
  return new Command('runs')
    .summary('list the recorded runs, newest first')
    .option('--json', 'one JSON object a line')
    .option('-n, --last <COUNT>', 'only the newest', Number)
    .action(list)
}

function list({ json, last }: { json?: boolean; last?: number }): void {
  const records = listRecords().slice(0, last)
  if (json) {
    for (const { folder, run, result } of records) {
      console.log(
        JSON.stringify({ run_id: run.run_id, folder, state: stateNow({ run, result }), run, result }),
      )
    }
    return
  }
  if (records.length === 0) {
    console.error('no runs yet; try `acg demo`')
    return
  }
  for (const { run, result } of records) {
    const when = new Date(run.started_epoch_ms).toLocaleString('sv-SE')
    const what = result
      ? summaryLine(result, run.command)
      : `${run.command.join(' ')} · ${stateNow({ run, result })}`
    console.log(`${run.run_id}  ${when}  ${what}`)
  }
}

function stateNow(record: Pick<RecordFolder, 'run' | 'result'>): RunState | 'paused' {
  const state = runState(record)
  return state === 'running' && isPaused(record.run) ? 'paused' : state
}
