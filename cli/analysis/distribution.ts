// Many values as how often each occurs: exact, and small however many runs are pooled, since memory is printed in
// four digits.

import type { Figure } from './statistics.ts'

export interface Distribution {
  readonly values: Float64Array
  readonly counts: Uint32Array
}

/** Sorts `values`. */
export function distributionOf(values: Float64Array): Distribution {
  values.sort()
  const counts: number[] = []
  const different = values.filter((value, at) => {
    if (at > 0 && value === values[at - 1]) {
      counts[counts.length - 1]!++
      return false
    }
    counts.push(1)
    return true
  })
  return { values: different, counts: Uint32Array.from(counts) }
}

export function pooled(distributions: readonly Distribution[]): Distribution {
  const counts = new Map<number, number>()
  for (const { values, counts: each } of distributions) {
    for (const [at, value] of values.entries()) {
      counts.set(value, (counts.get(value) ?? 0) + (each[at] as number))
    }
  }
  return sorted(counts)
}

function sorted(counts: ReadonlyMap<number, number>): Distribution {
  const pairs = [...counts].sort(([one], [other]) => one - other)
  return {
    values: Float64Array.from(pairs, ([value]) => value),
    counts: Uint32Array.from(pairs, ([, count]) => count),
  }
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
