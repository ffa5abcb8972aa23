// Many values as how often each occurs: exact, and small where they are printed in few digits.

import type { Figure } from './statistics.ts'

export type Counts = Map<number, number>

export function count(counts: Counts, value: number, times: number): void {
  counts.set(value, (counts.get(value) ?? 0) + times)
}

export interface Distribution {
  /** In order. */
  readonly values: Float64Array
  readonly counts: Uint32Array
}

export function distributionOf(counts: Counts): Distribution {
  const values = Float64Array.from(counts.keys()).sort()
  return { values, counts: Uint32Array.from(values, (value) => counts.get(value) as number) }
}

export function size({ counts }: Distribution): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

export function meanOf(distribution: Distribution): Figure {
  const n = size(distribution)
  const total = distribution.values.reduce(
    (sum, value, at) => sum + value * (distribution.counts[at] as number),
    0,
  )
  return { value: n > 0 ? total / n : null, n }
}

/** Linear between order statistics, as statistics.ts has it. */
export function percentileOf(distribution: Distribution, percent: number): Figure {
  const n = size(distribution)
  if (n === 0) return { value: null, n }
  const position = ((n - 1) * percent) / 100
  const below = Math.floor(position)
  const low = atRank(distribution, below)
  const high = atRank(distribution, Math.min(below + 1, n - 1))
  return { value: low + (position - below) * (high - low), n }
}

function atRank({ values, counts }: Distribution, rank: number): number {
  let passed = 0
  for (let at = 0; at < values.length; at++) {
    passed += counts[at] as number
    if (rank < passed) return values[at] as number
  }
  throw new RangeError(`no value has rank ${rank} of ${passed}`)
}
