import { expect, test } from 'bun:test'
import { BroughtAlong } from './brought-along.ts'

const LEAF_PEAK = 10

test('adds to the leaf’s peak what each process of the call held of its own, and nothing of other calls', () => {
  const brought = new BroughtAlong()
  brought.add(1, { resident: 50, highest: 50, unfiled: 30 })
  brought.add(1, { resident: 20, highest: 20, unfiled: 5 })
  expect(brought.peakBytes(1, LEAF_PEAK)).toBe(45)
  expect(brought.peakBytes(2, LEAF_PEAK)).toBe(LEAF_PEAK)
})

test('has a burst that was over before the process was moved for the peak, if it was more', () => {
  const brought = new BroughtAlong()
  brought.add(1, { resident: 50, highest: 150, unfiled: 30 })
  expect(brought.peakBytes(1, LEAF_PEAK)).toBe(130)
  expect(brought.peakBytes(1, 105)).toBe(135)
})
