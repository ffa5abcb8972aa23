import { expect, test } from 'bun:test'
import { processKey } from './process-event.ts'

const LAST_PID = 2 ** 22 - 1
/** 248 days, at 100 ticks a second: on a machine that has been up for as long, numbers must stay exact. */
const DAYS_248 = 2 ** 31

test('processKey() is another for each process, however long the machine has been up', () => {
  const ticks = [0, 1, DAYS_248 - 2, DAYS_248 - 1, DAYS_248 + 2, 5 * DAYS_248 + 3]
  const pids = [1, 2, LAST_PID - 1, LAST_PID]
  const keys = ticks.flatMap((start_ticks) => pids.map((pid) => processKey({ pid, start_ticks })))
  expect(new Set(keys).size).toBe(ticks.length * pids.length)
  expect(keys.every(Number.isSafeInteger)).toBe(true)
})
