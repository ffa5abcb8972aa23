import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { isSteady, steadyIndices } from './steady-clock.ts'

test('steadyIndices() leaves out the one stamp that is wrong, whichever way it is', () => {
  expect(steadyIndices([1, 2, 99, 3, 4, 5])).toEqual([0, 1, 3, 4, 5])
  expect(steadyIndices([10, 11, 2, 12, 13])).toEqual([0, 1, 3, 4])
  expect(steadyIndices([5, 5, 5])).toEqual([0, 1, 2])
  expect(steadyIndices([])).toEqual([])
})

test('steadyIndices() keeps an order that is steady, and all of one that was', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const kept = steadyIndices(times).map((at) => times[at] as number)
      expect(isSteady(kept)).toBe(true)
      if (isSteady(times)) expect(kept).toEqual(times)
      // One more would have to fall somewhere: no run of steady neighbours is longer.
      expect(kept.length).toBeGreaterThanOrEqual(longestSteadyStretch(times))
    }),
  )
})

function longestSteadyStretch(times: readonly number[]): number {
  let longest = 0
  let length = 0
  times.forEach((time, at) => {
    length = at > 0 && time < (times[at - 1] as number) ? 1 : length + 1
    longest = Math.max(longest, length)
  })
  return longest
}
