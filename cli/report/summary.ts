// A run in a line or two.

import { basename } from 'node:path'
import { formatBytes } from '../byte-size.ts'
import { formatDuration } from '../duration.ts'
import type { Call, Result } from '../record/schema.ts'
import { signalName } from '../signals.ts'

/** What acg says once the agent has ended. */
export function summaryLines(result: Result, command: readonly string[]): string[] {
  const lines = [summaryLine(result, command), ...result.notes.map((note) => `note: ${note}`)]
  if (result.ending !== 'not_started') lines.push(`acg show ${result.run_id}`)
  return lines.map((line) => `acg  ${line}`)
}

/** A run in one line. */
export function summaryLine(result: Result, command: readonly string[]): string {
  const { phases, duration_ms: duration, calls } = result
  const share = (ms: number) => (duration > 0 ? `${Math.round((100 * ms) / duration)}%` : '–')
  const parts = [
    `${basename(command[0] ?? result.agent)} ${ending(result)}`,
    formatDuration(duration),
    `start-up ${share(phases.startup_ms)}`,
  ]
  if (result.watch.power === 'none') parts.push('tool calls not watched')
  else {
    parts.push(`thinking ${share(phases.thinking_ms)}`)
    parts.push(`${calls.length} tool ${calls.length === 1 ? 'call' : 'calls'} ${share(phases.calls_ms)}`)
  }
  if (result.peak.bytes !== null) parts.push(`peak ${formatBytes(result.peak.bytes)}${inCall(result)}`)
  return parts.join(' · ')
}

function ending({ ending: how, exit_code: code, signal, reason }: Result): string {
  if (how === 'exited') return `exited ${code}`
  if (how === 'killed' && signal !== null) return `was ended by ${signalName(signal)}`
  if (how === 'timeout') return 'ran out of time'
  if (how === 'not_started') return 'was not started'
  if (how === 'unknown') return 'was imported'
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
