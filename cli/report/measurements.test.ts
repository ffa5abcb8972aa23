import { expect, test } from 'bun:test'
import type { Row } from '../analysis/row.ts'
import { csvText } from './csv.ts'
import { measurementLines, shown } from './measurements.ts'

function row(more: Partial<Row>): Row {
  return { id: 'some.id', mode: 'paper', value: 1, unit: 's', n: 3, definition: 'Some time.', ...more }
}

const SHOWN: [value: Row['value'], unit: string, text: string][] = [
  [null, 's', '–'],
  ['a-model', 'string', 'a-model'],
  [28, 'runs', '28 runs'],
  [5.7530123, 'min', '5.753 min'],
  [0.000012345, 's', '0.00001234 s'],
  [16954.653, 's', '16955 s'],
  [-0.38, 'r', '-0.38 r'],
  [44.42, '%', '44.42 %'],
]

for (const [value, unit, text] of SHOWN)
  test(`shown() writes ${value} ${unit} as "${text}"`, () => expect(shown(row({ value, unit }))).toBe(text))

test('measurementLines() has a line a row under its section, none wider than the terminal, and no empty section', () => {
  const long = row({ id: 'another.longer.id', definition: 'A sentence that goes on. '.repeat(20) })
  const lines = measurementLines(
    [
      { title: 'Empty', rows: [] },
      { title: 'Time', rows: [row({}), long] },
    ],
    80,
  )
  expect(lines.slice(0, 3)).toEqual(['', 'Time', '  some.id            1 s  n=3  Some time.'])
  expect(lines).toHaveLength(4)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})

test('csvText() quotes what has commas, quotes and line breaks, and leaves null empty', () => {
  const text = csvText([row({ value: null, n: 0, definition: 'One, "two"\nthree' })])
  expect(text).toBe('id,mode,value,unit,n,definition\r\nsome.id,paper,,s,0,"One, ""two""\nthree"\r\n')
})
