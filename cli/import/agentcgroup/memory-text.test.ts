import { expect, test } from 'bun:test'
import { cutMb, decimalMb, regexMb } from './memory-text.ts'

const TABLE: [used: string, regex: number, cut: number, decimal: number | null][] = [
  ['195.7MB', 195.7, 195, 195.7],
  // An integer loses a digit to the cut.
  ['196MB', 196, 19, 196],
  ['2.073GB', 2.073 * 1024, 2.07 * 1024, 2073],
  ['12.07MB', 12.07, 12, 12.07],
  ['4MB', 4, 0, 4],
  ['512kB', 0, 0, 0.512],
  ['512KB', 0.5, 0, 0.512],
  ['0B', 0, 0, 0],
  ['1.5GiB', 0, 0, 1610.612736],
  ['', 0, 0, null],
  ['--', 0, 0, null],
  ['1.2.3MB', 0, 0, null],
]

for (const [used, regex, cut, decimal] of TABLE) {
  test(`regexMb(), cutMb() and decimalMb() read "${used}" as ${regex}, ${cut} and ${decimal}`, () => {
    expect(regexMb(used)).toBeCloseTo(regex, 9)
    expect(cutMb(used)).toBeCloseTo(cut, 9)
    if (decimal === null) expect(decimalMb(used)).toBeNull()
    else expect(decimalMb(used)).toBeCloseTo(decimal, 9)
  })
}
