import { expect, test } from 'bun:test'
import { upperBoundOfMedian } from './pairs.ts'

const upTo = (n: number) => Array.from({ length: n }, (_, at) => at + 1)

// Tables of the binomial distribution: P(at most 58 heads of 100) = 0.956, P(at most 57) = 0.933.
test('upperBoundOfMedian() is the 59th of 100 values, whatever their order', () => {
  expect(upperBoundOfMedian(upTo(100))).toBe(59)
  expect(upperBoundOfMedian(upTo(100).reverse())).toBe(59)
})

test('upperBoundOfMedian() is the largest where there are too few to be sure', () => {
  expect(upperBoundOfMedian([3, 1, 2])).toBe(3)
  expect(upperBoundOfMedian(upTo(5))).toBe(5)
})
