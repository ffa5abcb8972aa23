import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { clairvoyantMs, leastMs } from './clairvoyant.ts'
import { burst, type SimulatedCall } from './demand.ts'
import { IN_TURN, loads } from './workloads.ts'

const call = (id: string, peakBytes: number, shape = {}): SimulatedCall => ({
  id,
  priority: 'normal',
  kind: 'other',
  arrivesMs: 0,
  demand: burst({ baseBytes: 10e6, beforeMs: 0, peakBytes, riseMs: 480, lastsMs: 500, afterMs: 0, ...shape }),
})

describe('clairvoyantMs()', () => {
  test('is the time of one call when all fit together', () => {
    const calls = [call('a', 300e6), call('b', 300e6)]
    expect(clairvoyantMs(calls, 1e9)).toBe(clairvoyantMs(calls.slice(0, 1), 1e9))
  })

  test('takes one burst after the other where they do not fit, and the rest of them at the same time', () => {
    const long = { beforeMs: 2000, afterMs: 2000 }
    const one = clairvoyantMs([call('a', 800e6, long)], 1e9)
    const both = clairvoyantMs([call('a', 800e6, long), call('b', 800e6, long)], 1e9)
    expect(both).toBeGreaterThan(one + 500)
    expect(both).toBeLessThan(one + 1200)
  })

  test('is never shorter than what nobody can beat', () => {
    fc.assert(
      fc.property(loads({ ...IN_TURN, calls: { min: 1, max: 3 } }), ({ calls, roomBytes }) => {
        // Both go by ticks, of which a call can lose one at its end, and the whole one at its beginning.
        const slack = 40 * calls.length
        expect(clairvoyantMs(calls, roomBytes)).toBeGreaterThanOrEqual(leastMs(calls, roomBytes) - slack)
      }),
      { numRuns: 30 },
    )
  })
})
