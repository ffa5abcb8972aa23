// What a call is given at the door, before anything is known of it. It is elastic from there on.

import type { Kind } from '../record/vocabulary.ts'

/** The kernel punishes an overrun by its share of memory.high: below this a first batch of pages costs seconds. */
export const LEAST_BUDGET_BYTES = 64e6

/**
 * The 95th percentile of what calls of a kind added to their container's memory, in MB: the AgentCgroup study's GLM
 * set, corrected (`spike.KIND.mem_p95.glm` of `acg report --mode corrected`, 101 runs). The smaller Haiku set agrees but
 * for tests, of which one in twenty took 874 MB and the mean 122 MB: that is what elastic budgets are for. Null: the
 * study has no such kind.
 */
const MEASURED_MB: Readonly<Record<Kind, number | null>> = {
  test: 124.5,
  install: 135.2,
  build: null,
  git: 6.1,
  explore: 8.7,
  snippet: 40.9,
  run: 69,
  network: null,
  other: 13.8,
}

/** A kind without a measurement → the one it is most like. */
const LIKE: Readonly<Partial<Record<Kind, Kind>>> = { build: 'test', network: 'other' }

/** Of a call of this kind: what was measured, or what its model asks for if that is more, within the room. */
export function budgetBytes(kind: Kind, hintBytes: number | null, roomBytes: number): number {
  const measured = (MEASURED_MB[kind] ?? MEASURED_MB[LIKE[kind] ?? 'other'] ?? 0) * 1e6
  return Math.min(Math.max(measured, LEAST_BUDGET_BYTES, hintBytes ?? 0), roomBytes)
}
