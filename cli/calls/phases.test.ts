import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Interval, phases, unionMs } from './phases.ts'

const at = (startMs: number, endMs: number): Interval => ({ startMs, endMs })

describe('unionMs()', () => {
  const table: [name: string, covered: number, intervals: Interval[]][] = [
    ['nothing', 0, []],
    ['apart', 20, [at(0, 10), at(20, 30)]],
    ['overlapping', 15, [at(5, 15), at(0, 10)]],
    ['one within another', 100, [at(0, 100), at(10, 20), at(30, 40)]],
    ['touching', 20, [at(0, 10), at(10, 20)]],
    ['the same twice', 10, [at(0, 10), at(0, 10)]],
  ]
  for (const [name, covered, intervals] of table) {
    test(`counts parallel calls once: ${name}`, () => expect(unionMs(intervals)).toBe(covered))
  }
})

describe('phases()', () => {
  test('takes what is neither start-up nor a call as thinking', () => {
    const parts = { startup_ms: 100, thinking_ms: 600, calls_ms: 300 }
    expect(phases(100, 1000, [at(200, 400), at(300, 500)])).toEqual(parts)
  })

  test('counts of a call what lies between start-up and the agent’s end', () => {
    expect(phases(100, 1000, [at(50, 150), at(900, 2000)])).toMatchObject({ calls_ms: 150 })
    expect(phases(100, 1000, [at(1500, 2000)])).toMatchObject({ calls_ms: 0, thinking_ms: 900 })
  })

  test('has all of a run in start-up where the agent was never started', () => {
    expect(phases(700, 500, [])).toEqual({ startup_ms: 500, thinking_ms: 0, calls_ms: 0 })
  })

  test('gives parts that add up to the run, none of them negative, for any calls', () => {
    const ms = fc.double({ min: -1e4, max: 1e7, noNaN: true })
    const duration = fc.double({ min: 0, max: 1e7, noNaN: true })
    const calls = fc.array(fc.record({ startMs: ms, endMs: ms }), { maxLength: 50 })
    fc.assert(
      fc.property(ms, duration, calls, (startupMs, durationMs, intervals) => {
        const { startup_ms, thinking_ms, calls_ms } = phases(startupMs, durationMs, intervals)
        expect(Math.min(startup_ms, thinking_ms, calls_ms)).toBeGreaterThanOrEqual(0)
        expect(Math.abs(startup_ms + thinking_ms + calls_ms - durationMs)).toBeLessThan(1e-6)
      }),
      { numRuns: 1000 },
    )
  })

  test('never gives thinking a rounding error below zero where calls fill the run', () => {
    // 9.6 - 2.4 is a little less than the sum of these three.
    const calls = [at(2.4, 4.8), at(4.8, 7.2), at(7.2, 9.6)]
    expect(phases(2.4, 9.6, calls).thinking_ms).toBe(0)
  })
})
