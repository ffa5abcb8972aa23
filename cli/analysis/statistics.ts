// Statistics that carry how many observations they are made of, and that are null, not NaN, where there are none.
// Quantiles are linear between order statistics (R's type 7, numpy's default).

import * as simple from 'simple-statistics'

export interface Figure<Value = number> {
  readonly value: Value | null
  readonly n: number
}

export type Maybe = number | null

function known(values: readonly Maybe[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value))
}

function of(values: readonly Maybe[], least: number, compute: (values: number[]) => number): Figure {
  const numbers = known(values)
  if (numbers.length < least) return { value: null, n: numbers.length }
  return { value: compute(numbers), n: numbers.length }
}

export const mean = (values: readonly Maybe[]): Figure => of(values, 1, simple.mean)
export const largest = (values: readonly Maybe[]): Figure => of(values, 1, simple.max)
export const smallest = (values: readonly Maybe[]): Figure => of(values, 1, simple.min)
export const sum = (values: readonly Maybe[]): Figure =>
  of(values, 0, (all) => (all.length ? simple.sum(all) : 0))
export const median = (values: readonly Maybe[]): Figure => percentile(values, 50)

export function percentile(values: readonly Maybe[], percent: number): Figure {
  return of(values, 1, (all) => simple.quantile(all, percent / 100))
}

/** Sample standard deviation over the mean, in percent. */
export function variation(values: readonly Maybe[]): Figure {
  return of(values, 2, (all) => (100 * simple.sampleStandardDeviation(all)) / simple.mean(all))
}

/** Largest over smallest. */
export function span(values: readonly Maybe[]): Figure {
  return of(values, 1, (all) => simple.max(all) / simple.min(all))
}

/** Pearson's r over the pairs of which both are known; null where one of the two does not vary. */
export function correlation(xs: ArrayLike<Maybe>, ys: ArrayLike<Maybe>): Figure {
  const pairedXs: number[] = []
  const pairedYs: number[] = []
  for (let at = 0; at < xs.length; at++) {
    const x = xs[at] ?? null
    const y = ys[at] ?? null
    if (x === null || y === null) continue
    pairedXs.push(x)
    pairedYs.push(y)
  }
  const n = pairedXs.length
  if (n < 2) return { value: null, n }
  const r = simple.sampleCorrelation(pairedXs, pairedYs)
  return { value: Number.isFinite(r) ? r : null, n }
}

export const tally = (count: number, n = count): Figure => ({ value: count, n })

/** How much of the whole a part is, in percent; `n` is what the whole is made of. */
export function share(part: number, whole: number, n = whole): Figure {
  return { value: whole > 0 ? (100 * part) / whole : null, n }
}

/** null where there is nothing to divide by. */
export function ratio(over: Maybe, under: Maybe): Maybe {
  return over === null || under === null || under === 0 ? null : over / under
}

/** A figure from others, as of the first one's observations. */
export function derived(
  figures: readonly [Figure, ...Figure[]],
  compute: (...values: number[]) => Maybe,
): Figure {
  const values = figures.map(({ value }) => value)
  const isKnown = values.every((value) => value !== null)
  return { value: isKnown ? compute(...(values as number[])) : null, n: figures[0].n }
}
