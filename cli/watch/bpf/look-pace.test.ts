import { expect, test } from 'bun:test'
import { LookPace } from './look-pace.ts'

const SOON_MS = 5
/** No test waits for as long. */
const NEVER_MS = 60_000

/** A pace whose looks are counted, and the first of them. */
function counted(rideAlongMs: number, idleMs: number) {
  const first = Promise.withResolvers<void>()
  const state = { looks: 0 }
  const pace = new LookPace(
    () => {
      state.looks++
      first.resolve()
    },
    rideAlongMs,
    idleMs,
  )
  return { pace, state, first: first.promise }
}

test('a waking that finds nothing does not put off the look that is due: what rode along would wait for a second', async () => {
  const { pace, state, first } = counted(SOON_MS, NEVER_MS)
  pace.looked(true)
  pace.looked(false)
  await first
  expect(state.looks).toBe(1)
  pace.stop()
})

test('after a look of its own that found nothing it waits long', async () => {
  const { pace, state, first } = counted(SOON_MS, NEVER_MS)
  pace.looked(true)
  await first
  pace.looked(false)
  await Bun.sleep(10 * SOON_MS)
  expect(state.looks).toBe(1)
  pace.stop()
})

test('while it waits long, a look that found something has the next one come soon', async () => {
  const { pace, state, first } = counted(SOON_MS, NEVER_MS)
  pace.looked(false)
  pace.looked(true)
  await first
  expect(state.looks).toBe(1)
  pace.stop()
})

test('it looks soon while /proc has to be asked: nothing else would tell of an end', async () => {
  const looked = Promise.withResolvers<void>()
  const pace = new LookPace(() => looked.resolve(), NEVER_MS, NEVER_MS, SOON_MS)
  pace.looked(true, true)
  await looked.promise
  pace.stop()
})

test('once stopped it does not look', async () => {
  const { pace, state } = counted(SOON_MS, NEVER_MS)
  pace.looked(true)
  pace.stop()
  await Bun.sleep(10 * SOON_MS)
  expect(state.looks).toBe(0)
})
