import { expect, test } from 'bun:test'
import { PausableClock } from './pausable-clock.ts'

test('PausableClock stands still while it is paused, and goes on where it stood: a pause must not pass for a stall', () => {
  let runMs = 1000
  const clock = new PausableClock(() => runMs)
  const at = (ms: number) => {
    runMs = ms
    return clock.nowMs()
  }
  expect(at(1100)).toBe(1100)
  expect(clock.setPaused(true)).toBe(true)
  expect(clock.setPaused(true)).toBe(false)
  expect(at(61_100)).toBe(1100)
  expect(clock.setPaused(false)).toBe(true)
  expect(at(61_200)).toBe(1200)
  clock.setPaused(true)
  expect(at(70_000)).toBe(1200)
  clock.setPaused(false)
  expect(at(70_001)).toBe(1201)
})
