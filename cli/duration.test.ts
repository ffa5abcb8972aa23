import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { formatDuration, parseDurationMs } from './duration.ts'

describe('parseDurationMs()', () => {
  const table: [text: string, ms: number | null][] = [
    ['10ms', 10],
    ['1.5s', 1500],
    ['20m', 1_200_000],
    ['1h30m', 5_400_000],
    ['90', 90_000],
    ['0.5', 500],
    ['0', 0],
    ['', null],
    ['-5s', null],
    ['5 s', null],
    ['5d', null],
    ['5S', null],
    ['1e3', null],
    ['Infinity', null],
    ['s', null],
    ['1h30', null],
    ['.5s', null],
  ]
  for (const [text, ms] of table)
    test(`reads ${JSON.stringify(text)} as ${ms}`, () => expect(parseDurationMs(text)).toBe(ms))

  test('reads what formatDuration() wrote, to within its rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 3_600_000 }), (ms) => {
        const rounding = ms < 1000 ? 0 : ms < 60_000 ? 51 : ms < 3_600_000 ? 500 : 30_500
        expect(Math.abs(parseDurationMs(formatDuration(ms))! - ms)).toBeLessThanOrEqual(rounding)
      }),
    )
  })
})

describe('formatDuration()', () => {
  const table: [ms: number, text: string][] = [
    [0, '0ms'],
    [999.4, '999ms'],
    // Rounding moves to the next unit rather than to 1000ms, 60.0s, 60m00s.
    [999.5, '1.0s'],
    [4234, '4.2s'],
    [59_949, '59.9s'],
    [59_950, '1m00s'],
    [352_000, '5m52s'],
    [3_599_499, '59m59s'],
    [3_599_500, '1h00m'],
    [3_780_000, '1h03m'],
    [90_000_000, '25h00m'],
  ]
  for (const [ms, text] of table) test(`writes ${ms} as ${text}`, () => expect(formatDuration(ms)).toBe(text))
})
