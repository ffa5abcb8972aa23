import { expect, test } from 'bun:test'
import { observedCall } from '../../test/observations.ts'
import { LONGEST_PATIENCE_MS, turnMs } from './order.ts'

test('turnMs() lets the more important and the older come first', () => {
  const high = turnMs(observedCall({ priority: 'high', sinceMs: 1000 }), null, 2000)
  const normal = turnMs(observedCall({ priority: 'normal', sinceMs: 1000 }), null, 2000)
  const older = turnMs(observedCall({ priority: 'normal', sinceMs: 500 }), null, 2000)
  expect(high).toBeLessThan(older)
  expect(older).toBeLessThan(normal)
})

test('turnMs() lets nothing pass that comes later than the longest patience', () => {
  const low = turnMs(observedCall({ priority: 'low', sinceMs: 0 }), null, 0)
  const late = observedCall({ priority: 'high', sinceMs: LONGEST_PATIENCE_MS + 1 })
  expect(turnMs(late, null, LONGEST_PATIENCE_MS + 1)).toBeGreaterThan(low)
})

test('turnMs() puts what was left behind last until it has been held for long', () => {
  const background = observedCall({ isBackground: true, sinceMs: 0 })
  const late = observedCall({ priority: 'low', sinceMs: 500_000 })
  expect(turnMs(background, null, 500_000)).toBeGreaterThan(turnMs(late, null, 500_000))
  expect(turnMs(background, 400_000, 500_000)).toBeLessThan(turnMs(late, null, 500_000))
})
