// acg pause [RUN…] and acg resume [RUN…]: a run stands still, and goes on.

import { Command } from 'commander'
import type { RecordFolder } from '../record/reader.ts'
import { findRunning, pause, resume } from '../supervisor/pausing.ts'

export function pauseCommand(): Command {
  return command(
    'pause',
    'stop a run with --control where it is: it keeps its memory, and uses no CPU',
    pause,
  )
}

export function resumeCommand(): Command {
  return command('resume', 'let a paused run go on', async (record) => resume(record))
}

function command(verb: string, summary: string, act: (record: RecordFolder) => Promise<void>): Command {
  return new Command(verb)
    .summary(summary)
    .argument('[run...]', 'its id, the beginning of it, or its folder (by default, the only one that runs)')
    .action(async (references: string[]) => {
      const named = references.length === 0 ? [undefined] : references
      const records = named.map((each) => findRunning(each, verb))
      for (const record of records) {
        await act(record)
        console.log(record.run.run_id)
      }
    })
}
