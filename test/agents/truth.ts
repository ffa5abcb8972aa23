// What really happened in a run of the scenario: the agent's own transcript says which calls there were, the
// dates that each command printed say when. Holding a record against it is left to compare.ts.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TranscriptCall, transcriptCalls } from '../../cli/calls/agents/transcript.ts'
import type { Expected } from './expected.ts'
import { EXPECTED } from './scenario.ts'

/** printed: a date of the command itself. transcript: when the agent noted the result, up to 250 ms later. */
export type TimeSource = 'printed' | 'transcript'

export interface TruthCall {
  readonly tool_use_id: string
  /** What the model asked for; the stages of a pipeline that a re-used shell starts are joined with ` | `. */
  readonly command: string
  readonly start_epoch_ms: number
  readonly end_epoch_ms: number
  readonly end_source: TimeSource
  /** What the command's own ru_maxrss said. */
  readonly peak_bytes: number | null
  readonly expected: Expected
}

const DATE = /^\d{10}\.\d{9}$/gm
const PEAK = /^ru_maxrss_kib (\d+)$/m

/** The shell calls of the run whose config folder is `config` and whose project is `project`, in order of start. */
export async function readTruth(config: string, project: string): Promise<TruthCall[]> {
  const truth: TruthCall[] = []
  for (const call of await readTranscripts(config)) {
    const expected = EXPECTED.get(call.id)
    if (call.tool !== 'Bash' || !expected) continue
    const times = expected.times ? await readFile(join(project, expected.times), 'utf8') : ''
    truth.push(truthOf(call, expected, times))
  }
  return truth.sort((one, other) => one.start_epoch_ms - other.start_epoch_ms)
}

/** All calls in the transcripts of a config folder, those of sub-agents among them. */
export async function readTranscripts(config: string): Promise<TranscriptCall[]> {
  const folder = join(config, 'projects')
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jsonl'))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap(transcriptCalls)
}

/** One call's truth; `times` is what it printed into a file of its own. */
export function truthOf(call: TranscriptCall, expected: Expected, times = ''): TruthCall {
  const printed = [...(times || call.output).matchAll(DATE)].map(([date]) => Number(date) * 1000)
  const noted = call.background_end_epoch_ms ?? call.end_epoch_ms
  const [start, end] = [printed[0], printed.length > 1 ? printed.at(-1) : undefined]
  if (start === undefined || (end === undefined && noted === null)) {
    throw new Error(
      `cannot tell when ${call.id} ran: ${printed.length} printed dates, ${noted === null ? 'no' : 'a'} result\n` +
        `  command: ${expected.command}\n  output: ${call.output.slice(0, 300)}`,
    )
  }
  const peak = PEAK.exec(call.output)?.[1]
  return {
    tool_use_id: call.id,
    command: expected.command,
    start_epoch_ms: start,
    end_epoch_ms: end ?? noted!,
    end_source: end === undefined ? 'transcript' : 'printed',
    peak_bytes: peak === undefined ? null : Number(peak) * 1024,
    expected,
  }
}

/** What the unknown agent wrote down of its own run. */
export interface OwnTruth {
  /** What it executes again and again for itself, which is no call. */
  readonly polling: string
  readonly calls: readonly TruthCall[]
}

export async function readOwnTruth(file: string): Promise<OwnTruth> {
  return JSON.parse(await readFile(file, 'utf8')) as OwnTruth
}
