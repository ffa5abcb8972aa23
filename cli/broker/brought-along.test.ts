import { expect, test } from 'bun:test'
import { memoryOf } from '../procfs/memory.ts'
import { BroughtAlong } from './brought-along.ts'

const LEAF_PEAK = 10

test('adds to the leaf’s peak what each process of the call held of its own, and nothing of other calls', () => {
  const brought = new BroughtAlong()
  brought.add(1, { residentBytes: 50, highestBytes: 50, anonymousBytes: 30 })
  brought.add(1, { residentBytes: 20, highestBytes: 20, anonymousBytes: 5 })
  expect(brought.peakBytes(1, LEAF_PEAK)).toBe(45)
  expect(brought.peakBytes(2, LEAF_PEAK)).toBe(LEAF_PEAK)
})

test('has a burst that was over before the process was moved for the peak, if it was more', () => {
  const brought = new BroughtAlong()
  brought.add(1, { residentBytes: 50, highestBytes: 150, anonymousBytes: 30 })
  expect(brought.peakBytes(1, LEAF_PEAK)).toBe(130)
  expect(brought.peakBytes(1, 105)).toBe(135)
})

test('counts what a process took while it was moved, which takes a while', () => {
  const [brought, taken] = [new BroughtAlong(), 64 << 20]
  const beforeBytes = memoryOf(process.pid)?.anonymousBytes ?? 0
  let held: Uint8Array | null = null
  brought.whileMoving(1, process.pid, () => {
    held = new Uint8Array(taken).fill(1)
  })
  expect(held).toHaveLength(taken)
  expect(brought.peakBytes(1, 0)).toBeGreaterThan(beforeBytes + taken / 2)
})
