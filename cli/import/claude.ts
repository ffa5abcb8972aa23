// A Claude Code transcript as an acg record: its calls, and nothing of memory or CPU, which it does not know.

import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { transcriptCalls } from '../calls/agents/transcript.ts'
import { AcgError } from '../errors.ts'
import { epochSeconds, isFields } from './fields.ts'
import { type Imported, TRANSCRIPT_FOLDER, writeImported } from './imported-record.ts'
import { eachJsonLine, readText } from './json-file.ts'
import type { LossLog } from './losses.ts'

export function importTranscript(file: string, into: string, losses: LossLog): Imported {
  const place = { root: dirname(resolve(file)), file: basename(file), losses }
  const times: number[] = []
  let project: string | null = null
  let session = ''
  eachJsonLine(place, (value) => {
    if (!isFields(value)) return
    const time = typeof value.timestamp === 'string' ? epochSeconds(value.timestamp) : null
    if (time !== null) times.push(1000 * time)
    if (typeof value.cwd === 'string') project ??= value.cwd
    if (typeof value.sessionId === 'string') session ||= value.sessionId
  })
  if (times.length === 0) {
    throw new AcgError({
      what: `cannot import ${file}: it is no transcript of Claude Code`,
      seen: 'no line of it has a time',
      hint: 'transcripts are in ~/.claude/projects/*/*.jsonl',
    })
  }
  const started = times.reduce((one, other) => Math.min(one, other))
  const ended = times.reduce((one, other) => Math.max(one, other))
  const calls = transcriptCalls(readText(place) ?? '').filter(({ tool }) => tool === 'Bash')
  const run = {
    identity: ['claude', session, String(started), String(ended), String(times.length)],
    startedEpochMs: started,
    startupMs: 0,
    durationMs: ended - started,
    project,
    calls: calls.map(({ input, start_epoch_ms: start, end_epoch_ms: end }) => ({
      command: typeof input.command === 'string' ? input.command : '',
      startMs: start - started,
      endMs: end === null ? null : end - started,
    })),
    samples: [],
    sampleIntervalMs: null,
    origin: {
      origin: 'claude' as const,
      set: null,
      task: null,
      attempts: [],
      succeeded: null,
      losses: losses.list(),
    },
  }
  return writeImported(run, into, (folder) => {
    mkdirSync(join(folder, TRANSCRIPT_FOLDER), { recursive: true, mode: 0o700 })
    copyFileSync(resolve(file), join(folder, TRANSCRIPT_FOLDER, basename(file)))
  })
}
