import { describe, expect, test } from 'bun:test'
import { burst, type Demand } from './demand.ts'
import { Leaf, penaltyMs } from './leaf.ts'

const FULL_SPEED: Demand = { corners: [{ atMs: 200, bytes: 400e6 }] }

function ran(demand: Demand, highBytes: number, ms: number): Leaf {
  const leaf = new Leaf(demand)
  leaf.state = 'running'
  leaf.highBytes = highBytes
  for (let now = 0; now < ms; now++) leaf.tick(now)
  return leaf
}

describe('Leaf', () => {
  test('is not slowed below its limit', () => {
    const leaf = ran(FULL_SPEED, 400e6, 200)
    expect(leaf).toMatchObject({ isDone: true, stalledMs: 0, crossings: 0 })
  })

  // What was measured of kernel 7.3: memory.high = 100 MB, 400 MB at full speed, 114 MB after 13 s.
  test('stands a few MB past its limit after 13 s, as the kernel does it', () => {
    const leaf = ran(FULL_SPEED, 100e6, 13_000)
    expect(leaf.isDone).toBe(false)
    expect(leaf.usedBytes).toBeGreaterThan(105e6)
    expect(leaf.usedBytes).toBeLessThan(118e6)
    expect(leaf.stalledMs).toBeGreaterThan(12_000)
  })

  test('is not woken by a higher limit', () => {
    const leaf = ran({ corners: [{ atMs: 10, bytes: 400e6 }] }, 1e6, 20)
    leaf.highBytes = 1e9
    const held = leaf.usedBytes
    for (let now = 20; now < 100; now++) leaf.tick(now)
    expect(leaf.usedBytes).toBe(held)
  })

  test('does nothing while it is frozen', () => {
    const leaf = ran(FULL_SPEED, 400e6, 100)
    leaf.state = 'frozen'
    const before = { ...leaf }
    for (let now = 100; now < 200; now++) leaf.tick(now)
    expect({ ...leaf }).toEqual(before)
  })

  test('gives back what it no longer needs', () => {
    const shape = { baseBytes: 10e6, beforeMs: 0, peakBytes: 300e6, riseMs: 100, lastsMs: 0, afterMs: 100 }
    expect(ran(burst(shape), 400e6, 200).usedBytes).toBe(10e6)
  })
})

test('penaltyMs() grows with the square of the overrun, is none for a small one, and two seconds at most', () => {
  const batch = 64 * 4096
  expect(penaltyMs(101e6, 100e6, batch)).toBe(0)
  expect(penaltyMs(110e6, 100e6, batch)).toBeCloseTo(640)
  expect(penaltyMs(105e6, 100e6, batch)).toBeCloseTo(160)
  expect(penaltyMs(300e6, 100e6, batch)).toBe(2000)
})
