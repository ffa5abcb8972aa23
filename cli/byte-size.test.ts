import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { formatBytes, parseByteSize } from './byte-size.ts'

const TABLE: [bytes: number, text: string][] = [
  [0, '0 B'],
  [980, '980 B'],
  // Rounding moves to the next unit rather than to 1000 of the last.
  [1000, '1 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [45_000_000, '45 MB'],
  [1_234_000_000, '1.2 GB'],
  [9_940_000_000, '9.9 GB'],
  [9_960_000_000, '10 GB'],
  [5e12, '5.0 TB'],
  [5e16, '50000 TB'],
]

for (const [bytes, text] of TABLE)
  test(`formatBytes() writes ${bytes} as ${text}`, () => expect(formatBytes(bytes)).toBe(text))

test('formatBytes() never takes more than three digits below a thousand terabytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9e14 }), (bytes) => {
      expect(formatBytes(bytes)).toMatch(/^(\d{1,3}|\d\.\d) [kMGT]?B$/)
    }),
  )
})

const SIZES: [text: string, bytes: number | null][] = [
  ['0', 0],
  ['512m', 512 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['2t', 2 * 2 ** 40],
  ['7b', 7],
  ['', null],
  ['g', null],
  ['-1m', null],
  ['1 m', null],
  ['1mb', null],
]

for (const [text, bytes] of SIZES)
  test(`parseByteSize() reads "${text}" as ${bytes}`, () => expect(parseByteSize(text)).toBe(bytes))
