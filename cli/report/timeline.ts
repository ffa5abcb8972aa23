// A run as a timeline for the terminal: a row per call, and where it lies in the run.

import Table from 'cli-table3'
import { formatBytes } from '../byte-size.ts'
import type { TranscriptCall } from '../calls/agents/transcript.ts'
import { formatDuration } from '../duration.ts'
import type { Call, Result, Run } from '../record/schema.ts'
import { signalName } from '../signals.ts'
import { callTitle, summaryLine } from './summary.ts'

const BAR_COLUMNS = 24
const LEAST_COMMAND_COLUMNS = 20

/** A call of the agent that no process shows, in the run's own time. */
export interface UnseenCall {
  readonly tool: string
  readonly startMs: number
  readonly endMs: number | null
  readonly summary: string
}

export interface TimelineInput {
  readonly run: Run
  readonly result: Result
  readonly unseen: readonly UnseenCall[]
}

export interface CallRow {
  readonly startMs: number
  readonly endMs: number | null
  readonly cells: readonly string[]
}

/** The transcript's calls that have no process, on the run's clock. */
export function unseenCalls(calls: readonly TranscriptCall[], startedEpochMs: number): UnseenCall[] {
  return calls.map(({ tool, start_epoch_ms, end_epoch_ms, summary }) => ({
    tool,
    startMs: start_epoch_ms - startedEpochMs,
    endMs: end_epoch_ms === null ? null : end_epoch_ms - startedEpochMs,
    summary,
  }))
}

/** What the cells of a call are. */
export const CALL_COLUMNS = ['#', 'start', 'took', 'kind', 'exit', 'peak', 'command'] as const

/** Calls with and without a process, by when they began. */
export function callRows({ result, unseen }: Omit<TimelineInput, 'run'>): CallRow[] {
  return [...result.calls.map(callRow), ...unseen.map(unseenRow)].sort((a, b) => a.startMs - b.startMs)
}

/** The lines of the timeline, `columns` wide at most. */
export function timelineLines({ run, result, unseen }: TimelineInput, columns: number): string[] {
  const head = [
    `${run.run_id} · ${new Date(run.started_epoch_ms).toLocaleString('sv-SE')} · ${run.project ?? '–'}`,
    `$ ${oneLine(run.command.join(' '))}`,
    summaryLine(result, run.command),
    ...result.notes.map((note) => `note: ${note}`),
  ]
  const rows = callRows({ result, unseen })
  if (rows.length === 0) return [...head, '', 'no tool calls']

  const titles = [...CALL_COLUMNS.slice(0, 6), barTitle(result.duration_ms), 'command']
  const cells = rows.map((row) => [
    ...row.cells.slice(0, 6),
    bar(row, result.duration_ms),
    row.cells[6] as string,
  ])
  const fixed = titles
    .slice(0, -1)
    .map((title, at) => Math.max(title.length, ...cells.map((row) => (row[at] as string).length)))
  const room = columns - fixed.reduce((sum, width) => sum + width + 2, 0) - 1
  const table = new Table({
    head: titles,
    chars: BORDERLESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['right', 'right', 'right', 'left', 'right', 'right', 'left', 'left'],
  })
  for (const row of cells)
    table.push([...row.slice(0, -1), cut(row.at(-1) as string, Math.max(room, LEAST_COMMAND_COLUMNS))])
  const background = result.calls.flatMap((call) =>
    call.background.map(
      ({ pid, argv }) => `call ${call.call} left running: ${oneLine(argv.join(' '))} (pid ${pid})`,
    ),
  )
  return [
    ...head,
    '',
    ...table
      .toString()
      .split('\n')
      .map((line) => line.trimEnd()),
    ...(background.length ? ['', ...background] : []),
  ]
}

const BORDERLESS = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
    ['left-mid', ''],
    ['mid-mid', ''],
    ['right-mid', ''],
  ]),
)

function callRow(call: Call): CallRow {
  const took = call.end_ms === null ? '–' : formatDuration(call.end_ms - call.start_ms)
  const exit = call.signal !== null ? signalName(call.signal) : (call.exit_code ?? '–')
  const peak = call.peak_bytes === null ? '–' : formatBytes(call.peak_bytes)
  const cells = [
    String(call.call),
    formatDuration(call.start_ms),
    took,
    oneLine(callTitle(call)),
    String(exit),
    peak,
    shownCommand(call.command),
  ]
  return { startMs: call.start_ms, endMs: call.end_ms, cells }
}

function unseenRow({ tool, startMs, endMs, summary }: UnseenCall): CallRow {
  const took = endMs === null ? '–' : formatDuration(endMs - startMs)
  return {
    startMs,
    endMs,
    cells: ['·', formatDuration(startMs), took, oneLine(tool), '', '', oneLine(summary)],
  }
}

function barTitle(durationMs: number): string {
  const end = formatDuration(durationMs)
  return `0${end.padStart(BAR_COLUMNS - 1)}`
}

/** Where a call lies in the run: at least one mark, however brief it was. */
function bar({ startMs, endMs }: CallRow, durationMs: number): string {
  const column = (ms: number) =>
    Math.min(BAR_COLUMNS - 1, Math.max(0, Math.floor((ms / durationMs) * BAR_COLUMNS)))
  const from = column(startMs)
  const to = column(endMs ?? durationMs)
  return `${'·'.repeat(from)}${'█'.repeat(to - from + 1)}${'·'.repeat(BAR_COLUMNS - 1 - to)}`
}

/** What a shell was given says more than the shell. */
function shownCommand(command: string): string {
  return oneLine(command).replace(/^(\S*\/)?(ba|da|z)?sh -\w*c /, '')
}

/** Without line breaks, and without what a terminal would obey: the text is the agent's. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\x00-\x1f\x7f-\x9f]/g, '�')
    .trim()
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`
}
