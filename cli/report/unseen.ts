// A record's calls without a process, from the agent's own transcripts.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { callsWithoutProcess } from '../calls/agents/transcript.ts'
import type { RecordFolder } from '../record/reader.ts'
import { transcriptFiles } from '../record/transcripts.ts'
import { type UnseenCall, unseenCalls } from './timeline.ts'

export function readUnseen(record: RecordFolder): UnseenCall[] {
  const calls = transcriptFiles(record).flatMap((file) =>
    callsWithoutProcess(readFileSync(join(record.folder, file), 'utf8')),
  )
  return unseenCalls(calls, record.run.started_epoch_ms)
}
