import { expect, test } from 'bun:test'
import { columnFormat } from './column-format.ts'

const WRITTEN: [values: number[], text: string[]][] = [
  [
    [1, 28, 12_345],
    ['1', '28', '12,345'],
  ],
  [
    [0, 12.34, 97.9],
    ['0.00', '12.34', '97.90'],
  ],
  [
    [186.25, 2042.5],
    ['186.3', '2,042.5'],
  ],
  [
    [33.1, 0.0042],
    ['33.100', '0.004'],
  ],
  [
    [0, 0.5e-9],
    ['0.000', '0.000'],
  ],
]

for (const [values, text] of WRITTEN)
  test(`columnFormat() writes ${values.join(', ')} as ${text.join(', ')}`, () => {
    expect(values.map(columnFormat(values))).toEqual(text)
  })
