import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Counts, count, distributionOf, meanOf, percentileOf, size } from './distribution.ts'
import { touches, union, unionSeconds } from './intervals.ts'
import {
  correlation,
  derived,
  mean,
  median,
  percentile,
  ratio,
  share,
  span,
  sum,
  variation,
} from './statistics.ts'

describe('statistics', () => {
  test('are null with n 0 when there is nothing, and pass over what is not known', () => {
    for (const of of [mean, median, variation, span])
      expect(of([null, Number.NaN])).toEqual({ value: null, n: 0 })
    expect(sum([])).toEqual({ value: 0, n: 0 })
    expect(mean([1, null, 3])).toEqual({ value: 2, n: 2 })
    expect(variation([5])).toEqual({ value: null, n: 1 })
    expect(share(0, 0)).toEqual({ value: null, n: 0 })
    expect(ratio(1, 0)).toBeNull()
    expect(derived([mean([]), mean([1])], (one, other) => one! + other!)).toEqual({ value: null, n: 0 })
  })

  test('percentile() is linear between order statistics', () => {
    expect(percentile([40, 10, 20, 30], 50).value).toBe(25)
    expect(percentile([40, 10, 20, 30], 95).value).toBeCloseTo(38.5)
    expect(percentile([7], 95).value).toBe(7)
  })

  test('correlation() is null when one side does not vary, and counts pairs', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toEqual({ value: 1, n: 3 })
    expect(correlation([1, 2, 3], [5, 5, 5]).value).toBeNull()
    expect(correlation([1, null, 3], [1, 2, null])).toEqual({ value: null, n: 1 })
  })
})

describe('distributionOf()', () => {
  test('has the mean and percentiles of all values that were counted', () => {
    const values = fc.array(fc.integer({ min: 0, max: 20 }))
    fc.assert(
      fc.property(values, values, fc.integer({ min: 0, max: 100 }), (one, other, percent) => {
        const all = [...one, ...other]
        const counts: Counts = new Map()
        for (const value of all) count(counts, value, 1)
        const together = distributionOf(counts)
        expect(size(together)).toBe(all.length)
        const near = (found: number | null, wanted: number | null) =>
          wanted === null ? expect(found).toBeNull() : expect(found).toBeCloseTo(wanted, 9)
        near(meanOf(together).value, mean(all).value)
        near(percentileOf(together, percent).value, percentile(all, percent).value)
      }),
    )
  })
})

describe('intervals', () => {
  test('union() counts what overlaps once, and nothing for one that ends before it starts', () => {
    const calls = [
      { start: 5, end: 8 },
      { start: 1, end: 3 },
      { start: 2, end: 4 },
      { start: 9, end: 7 },
    ]
    expect(union(calls)).toEqual([
      { start: 1, end: 4 },
      { start: 5, end: 8 },
    ])
    expect(unionSeconds(calls)).toBe(6)
  })

  test('touches() tells closed intervals apart from what lies between them', () => {
    const merged = union([
      { start: 1, end: 4 },
      { start: 5, end: 8 },
    ])
    expect([0, 1, 4, 4.5, 5, 8, 9].map((at) => touches(merged, at, at))).toEqual([
      false,
      true,
      true,
      false,
      true,
      true,
      false,
    ])
    expect(touches(merged, 4.2, 4.8)).toBe(false)
    expect(touches(merged, 3, 6)).toBe(true)
    expect(touches([], 0, 9)).toBe(false)
  })
})
