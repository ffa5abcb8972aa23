// The policy in its simulator, over random loads: how long they take, as a multiple of what somebody who knows every
// demand beforehand would need, and how many calls are lost. Nothing here depends on the machine.

import fc from 'fast-check'
import { median, quantile } from 'simple-statistics'
import { clairvoyantMs } from '../cli/policy/simulator/clairvoyant.ts'
import { replay } from '../cli/policy/simulator/replay.ts'
import {
  ALONE,
  IN_TURN,
  type LoadShape,
  loads,
  PARTLY_TOGETHER,
  TOGETHER,
} from '../cli/policy/simulator/workloads.ts'
import type { Benchmark } from './benchmark.ts'
import { type Figure, upperBoundOfMedian } from './pairs.ts'

const SEED = 42

const SHAPES: readonly { id: string; what: string; shape: LoadShape }[] = [
  { id: 'in_turn', what: '2 to 8 bursts of which no two fit together', shape: IN_TURN },
  { id: 'partly', what: '2 to 8 bursts of which two or three fit together', shape: PARTLY_TOGETHER },
  { id: 'together', what: '2 to 8 bursts that all fit together', shape: TOGETHER },
  { id: 'alone', what: '2 to 8 bursts that fit alone, some hardly', shape: ALONE },
]

export const policy: Benchmark = {
  name: 'policy',
  about: 'the memory policy in its simulator, against the clairvoyant order',
  async run({ pairs, progress }) {
    const figures: Figure[] = []
    const cases = SHAPES.flatMap((each) => [false, true].map((hasSwap) => ({ ...each, hasSwap })))
    for (const [at, { id, what, shape, hasSwap }] of cases.entries()) {
      progress(at, cases.length)
      const drawn = fc.sample(loads(shape), { numRuns: pairs, seed: SEED })
      const ratios: number[] = []
      let killed = 0
      for (const load of drawn) {
        const { endedMs, outcomes } = replay({ ...load, hasSwap })
        const lost = outcomes.filter(({ killedMs }) => killedMs !== null).length
        killed += lost
        if (lost === 0) ratios.push(endedMs / clairvoyantMs(load.calls, load.roomBytes))
      }
      const calls = drawn.reduce((sum, load) => sum + load.calls.length, 0)
      figures.push({
        id: `policy.${id}.${hasSwap ? 'swap' : 'no_swap'}`,
        unit: 'times',
        value: median(ratios),
        control: null,
        ratio: null,
        upper: upperBoundOfMedian(ratios),
        n: ratios.length,
        p50: median(ratios),
        p99: quantile(ratios, 0.99),
        where: 'simulated',
        what: `${what}, ${hasSwap ? 'swap' : 'no swap'}: total time over the clairvoyant order’s (${killed} of ${calls} calls killed, longest ${Math.max(...ratios).toFixed(2)}, p90 ${quantile(ratios, 0.9).toFixed(2)})`,
      })
    }
    progress(cases.length, cases.length)
    return figures
  },
}
