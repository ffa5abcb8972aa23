// How much memory many runs need together, against the sum of their peaks: the study's simulation, with its own
// random stream. What a machine of a given size holds is simulate/'s question.

import { CURVE_POINTS, curve, maximum, slotMaxima } from './columns.ts'
import { Pcg64 } from './pcg64.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun } from './run.ts'
import { allRuns, type Scope } from './scope.ts'
import { ratio } from './statistics.ts'

const SEED = 42
const SIZES = [2, 4, 8, 16, 32, 64] as const
const REPEATS = 200

export type Loads = Readonly<Record<Mode, Float64Array | null>>

export function loadsOf({ samples }: LoadedRun): Loads {
  return { paper: curve(samples.cutMb), corrected: slotMaxima(samples.clean.value) }
}

export interface Multiplexed {
  readonly size: number
  /** Mean over repeats of the sum of the runs' own peaks. */
  readonly apartMb: number
  /** Mean over repeats of the largest sum at any time. */
  readonly togetherMb: number
}

/** By number of runs; empty if there are none. */
export function multiplex(loads: readonly Float64Array[], mode: Mode): Multiplexed[] {
  if (loads.length === 0) return []
  const peaks = loads.map((load) => maximum(load) as number)
  const draws = drawsFrom(loads.length)
  let next = 0
  return SIZES.map((size) => {
    let apart = 0
    let together = 0
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const chosen = draws.subarray(next, next + size)
      const offsets = draws.subarray(next + size, next + 2 * size)
      next += 2 * size
      for (const run of chosen) apart += peaks[run] as number
      together += largestSum(loads, chosen, offsets, mode)
    }
    return { size, apartMb: apart / REPEATS, togetherMb: together / REPEATS }
  })
}

let lastDraws: { readonly runs: number; readonly draws: Uint32Array } | null = null

/** For each size and repeat the runs, then their offsets. They are the same in both modes, and made once for both. */
function drawsFrom(runs: number): Uint32Array {
  if (lastDraws?.runs === runs) return lastDraws.draws
  const random = new Pcg64(SEED)
  const draws = new Uint32Array(2 * REPEATS * SIZES.reduce((sum, size) => sum + size, 0))
  let at = 0
  for (const size of SIZES) {
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      for (let each = 0; each < size; each++) draws[at++] = random.below(runs)
      for (let each = 0; each < size; each++) draws[at++] = random.below(CURVE_POINTS)
    }
  }
  lastDraws = { runs, draws }
  return draws
}

const slots = new Float64Array(2 * CURVE_POINTS)

/** The study lets runs start within the first of two spans; `corrected` turns them round in one, so that all live. */
function largestSum(
  loads: readonly Float64Array[],
  chosen: Uint32Array,
  offsets: Uint32Array,
  mode: Mode,
): number {
  slots.fill(0)
  for (let which = 0; which < chosen.length; which++) {
    const load = loads[chosen[which] as number] as Float64Array
    const offset = offsets[which] as number
    for (let at = 0; at < CURVE_POINTS; at++) slots[offset + at]! += load[at] as number
  }
  if (mode === 'corrected') {
    for (let at = 0; at < CURVE_POINTS; at++) slots[at]! += slots[at + CURVE_POINTS] as number
    return maximum(slots.subarray(0, CURVE_POINTS)) as number
  }
  return maximum(slots) as number
}

export const multiplexing: Question = {
  paper: (scope) => rows(scope, 'paper'),
  corrected: (scope) => rows(scope, 'corrected'),
}

const HOW: Readonly<Record<Mode, string>> = {
  paper:
    'each the memory of a run (the study’s cutting parser) on 100 points, starting at a random one of the first 100 of 200 slots',
  corrected:
    'each the largest memory of a run in each hundredth of its samples, turned by a random part of its length, so that all run all the time',
}

function rows(scope: Scope, mode: Mode): Draft[] {
  const loads = allRuns(scope).flatMap(({ loads }) => loads[mode] ?? [])
  const bySize = new Map(multiplex(loads, mode).map((each) => [each.size, each]))
  const how = `loads drawn with replacement from the valid runs, ${HOW[mode]}; means of ${REPEATS} draws of numpy's default_rng(${SEED})`
  return SIZES.flatMap((size) => {
    const each = bySize.get(size)
    const used = each ? ratio(each.togetherMb, each.apartMb) : null
    const n = each ? REPEATS : 0
    return [
      draft(
        `mux.savings.${size}.all`,
        '%',
        { value: used === null ? null : 100 * (1 - used), n },
        `How much less than the sum of their own peaks ${size} loads need together at their worst moment: ${how}.`,
      ),
      draft(
        `mux.gain.${size}.all`,
        'x',
        { value: each ? ratio(each.apartMb, each.togetherMb) : null, n },
        `The sum of the peaks of ${size} loads over what they need together at their worst moment: ${how}.`,
      ),
    ]
  })
}
