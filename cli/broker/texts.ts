// What acg tells a model about its own command: what happened, with the numbers, and what it can do. Less than a
// pipe takes at once.

import { formatBytes } from '../byte-size.ts'
import { formatDuration } from '../duration.ts'
import type { LimitFacts } from '../policy/action.ts'
import type { Settings } from '../policy/settings.ts'

const DO_LESS = 'Do less at once: fewer tests, less data, fewer parallel jobs.'
const ASK_THE_USER = 'Or ask the user for a higher `acg run --memory`.'
const ASK_AHEAD =
  'Or ask ahead: `ACG_HINT="memory=2g" COMMAND` waits until there is so much, instead of stopping half-way.'

/** The kernel was faster; `limitBytes` is null where the run has no limit, and the machine was out of memory. */
export function outOfMemoryText(limitBytes: number | null, peakBytes: number | null): string {
  const room =
    limitBytes === null
      ? 'more memory than this machine had left'
      : `more than the ${formatBytes(limitBytes)} of memory that this run may use`
  const peak = peakBytes === null ? '' : ` (it held ${formatBytes(peakBytes)} at its peak)`
  return lines(
    `this command was ended: with all that it started it wanted ${room}${peak}.`,
    `Nothing else was. ${DO_LESS} ${ASK_THE_USER}`,
  )
}

/** Said just before it is done. */
export function limitText(onLimit: Settings['onLimit'], limitBytes: number, why: LimitFacts): string {
  const fate =
    onLimit === 'kill'
      ? 'is about to be ended, with all that it started'
      : 'stands still until there is memory for it'
  const elsewhere =
    why.elsewhereBytes > 0 ? `: ${formatBytes(why.elsewhereBytes)} are held for the user’s other runs` : ''
  const others = why.othersBytes > 0 ? `, while other commands held ${formatBytes(why.othersBytes)}` : ''
  return lines(
    `this command ${fate}: nothing got on for ${formatDuration(why.stalledMs)}, for want of memory.`,
    `It held ${formatBytes(why.peakBytes)} at its peak${others}; all commands together may have ${formatBytes(why.roomBytes)} of the ${formatBytes(limitBytes)} that this run may use${elsewhere}. It began with ${formatBytes(why.budgetBytes)}.`,
    `${DO_LESS} ${why.othersBytes + why.elsewhereBytes > 0 ? ASK_AHEAD : ASK_THE_USER}`,
  )
}

export function heldText({ heldMs }: LimitFacts): string {
  return lines(`this command waited ${formatDuration(heldMs)} for memory that other commands were using.`)
}

function lines(...texts: string[]): string {
  return texts.map((text) => `acg: ${text}\n`).join('')
}
