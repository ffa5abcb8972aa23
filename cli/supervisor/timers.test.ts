import { expect, test } from 'bun:test'
import { Timers } from './timers.ts'

const LONG_MS = 60_000

/** A paced turn that wants to come again after `waits`, one after the other. */
function paced(...waits: (number | null)[]) {
  const timers = new Timers()
  let turns = 0
  const pace = timers.paced(() => waits[turns++] ?? null)
  return { timers, pace, turns: () => turns }
}

test('paced() acts at once, and again when it said', async () => {
  const { turns } = paced(1, 1)
  expect(turns()).toBe(1)
  await Bun.sleep(50)
  expect(turns()).toBe(3)
})

test('within() brings the next turn forward', async () => {
  const { timers, pace, turns } = paced(LONG_MS, LONG_MS)
  pace.within(0)
  await Bun.sleep(50)
  expect(turns()).toBe(2)
  timers.clear()
})

test('within() puts no turn off', async () => {
  const { pace, turns } = paced(10)
  pace.within(LONG_MS)
  await Bun.sleep(50)
  expect(turns()).toBe(2)
})

test('clear() ends it: a run that has ended looks at no cgroup', async () => {
  const { timers, pace, turns } = paced(1, 1)
  timers.clear()
  pace.within(0)
  await Bun.sleep(20)
  expect(turns()).toBe(1)
})
