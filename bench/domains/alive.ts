// Whether an agent outlives a tool that wants more than the whole run may have.

import type { Workplace } from '../../test/acg.ts'
import { ALIVE, outcomeOf, runGreedyClaude } from '../../test/control/greedy-claude.ts'
import type { Part } from './part.ts'

const RUNS = 50

export function alive(place: Workplace): Part {
  return {
    id: 'alive',
    what: `runs of the real claude, of ${RUNS}, that read why their tool was ended, made their next call and ended well`,
    measure: async (about) => {
      let well = 0
      for (let at = 0; at < RUNS; at++)
        if (Bun.deepEquals(outcomeOf(await runGreedyClaude(place)), ALIVE)) well++
      const share = well / RUNS
      return [
        {
          ...about,
          ...{ unit: 'share', value: share, control: null, ratio: null, upper: null },
          ...{ n: RUNS, p50: share, p99: share },
        },
      ]
    },
  }
}
