// Bursts that do not fit together and fit in turn: of one run, and of several that share a pool. What they are held
// against is the order of a clairvoyant, who runs one after the other.

import type { Workplace } from '../../test/acg.ts'
import type { Part } from './part.ts'
import { inTurn, pooled } from './pooled.ts'

/** How many bursts of how many MB, of which 1 GB holds one. */
const TURNS = [2, 4, 8]
const TURN_MB = 500

export function turns(place: Workplace): Part[] {
  const bursts =
    (flags: string[], count: number, ...order: string[]) =>
    async () => {
      const commands = Array(count).fill(`python3 burst.py ${TURN_MB}`)
      const run = await place.run(
        ['--watch', 'seccomp', ...flags],
        ['python3', 'agent.py', ...order, ...commands],
      )
      const failed = run.result.calls.filter((call) => call.exit_code !== 0).length
      if (failed > 0 || run.exitCode !== 0)
        throw new Error(`${failed} of ${count} bursts failed: ${run.stdout}`)
      return run.result.duration_ms - run.result.phases.startup_ms
    }
  const together = (count: number) => bursts(['--control', 'enforce', '--memory', '1g'], count, '--together')

  return [
    ...TURNS.map((count) => ({
      id: `turns-${count}`,
      what: `${count} bursts of ${TURN_MB} MB at once in 1 GB, none killed / one after the other without control`,
      act: together(count),
      control: bursts([], count),
    })),
    ...TURNS.map((count) => ({
      id: `runs-${count}`,
      what: `${count} runs with a burst of ${TURN_MB} MB each, at once in a pool of 1 GB, none killed / the same runs without control, one burst after the other`,
      act: pooled(place, { count, burstMb: TURN_MB }),
      control: inTurn(place, { count, burstMb: TURN_MB }),
    })),
  ]
}
