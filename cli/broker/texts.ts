// What acg tells a model about its own command: what happened, with the numbers, and what it can do. Less than a
// pipe takes at once.

import { formatBytes } from '../byte-size.ts'

export function outOfMemoryText(limitBytes: number | null, peakBytes: number | null): string {
  const room =
    limitBytes === null
      ? 'more memory than this machine had left'
      : `more than the ${formatBytes(limitBytes)} of memory that this run may use`
  const peak = peakBytes === null ? '' : ` (it held ${formatBytes(peakBytes)} at its peak)`
  return [
    `acg: this command was ended: with all that it started it wanted ${room}${peak}.`,
    'acg: Nothing else was. Do less at once: fewer tests, less data, fewer parallel jobs. Or ask the user for a higher `acg run --memory`.',
    '',
  ].join('\n')
}
