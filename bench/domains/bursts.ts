// A burst of memory that a call's first budget does not hold, while there is room for it.

import { join } from 'node:path'
import type { Workplace } from '../../test/acg.ts'
import { delegated, ENFORCED, type Part } from './part.ts'

const BURST_MB = 1000
const POLLED_EVERY_MS = [10, 100]

export function bursts(place: Workplace): Part[] {
  const burst =
    (...flags: string[]) =>
    async () => {
      const command = ['python3', 'agent.py', `python3 burst.py ${BURST_MB}`]
      const run = await place.run(['--watch', 'seccomp', ...flags], command)
      const call = run.result.calls[0]
      if (call?.exit_code !== 0) throw new Error(`the burst exited with ${call?.exit_code}: ${run.stdout}`)
      return (call.end_ms ?? Number.NaN) - call.start_ms
    }
  const polled = (intervalMs: number) => () =>
    delegated('poll', String(intervalMs), 'python3', join(place.project, 'burst.py'), String(BURST_MB))

  return [
    {
      id: 'burst',
      what: `a burst of ${BURST_MB} MB, enforced with room / without control`,
      act: burst(...ENFORCED),
      control: burst(),
    },
    ...POLLED_EVERY_MS.map((intervalMs) => ({
      id: `poll-${intervalMs}`,
      what: `the same burst, its limit raised by a loop every ${intervalMs} ms / without a limit`,
      act: polled(intervalMs),
      control: polled(0),
    })),
  ]
}
