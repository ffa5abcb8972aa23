// The two lines that end a run.

import { basename } from 'node:path'
import { formatBytes } from '../byte-size.ts'
import { formatDuration } from '../duration.ts'
import type { Call, Result } from '../record/schema.ts'
import { signalName } from '../signals.ts'

export function summaryLines(result: Result, command: readonly string[]): string[] {
  const { phases, duration_ms: duration, calls } = result
  const share = (ms: number) => (duration > 0 ? `${Math.round((100 * ms) / duration)}%` : '–')
  const parts = [
    `${basename(command[0] ?? result.agent)} ${ending(result)}`,
    formatDuration(duration),
    `start-up ${share(phases.startup_ms)}`,
    `thinking ${share(phases.thinking_ms)}`,
    result.watch.power === 'none'
      ? 'tool calls not watched'
      : `${calls.length} tool ${calls.length === 1 ? 'call' : 'calls'} ${share(phases.calls_ms)}`,
  ]
  if (result.peak.bytes !== null) parts.push(`peak ${formatBytes(result.peak.bytes)}${inCall(result)}`)
  const lines = [`acg  ${parts.join(' · ')}`]
  for (const note of result.notes) lines.push(`acg  note: ${note}`)
  if (result.ending !== 'not_started') lines.push(`acg  acg show ${result.run_id}`)
  return lines
}

function ending({ ending: how, exit_code: code, signal, reason }: Result): string {
  if (how === 'exited') return `exited ${code}`
  if (how === 'killed' && signal !== null) return `was ended by ${signalName(signal)}`
  if (how === 'timeout') return 'ran out of time'
  return `was lost (${reason})`
}

function inCall({ peak, calls }: Result): string {
  const call = calls.find(({ call: number }) => number === peak.call)
  return call ? ` in call ${call.call} (${callTitle(call)})` : ''
}

/** The kind, and the program where it says more. */
export function callTitle({ kind, program }: Call): string {
  return program === null || program === kind ? kind : `${kind}: ${program}`
}
