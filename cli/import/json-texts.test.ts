import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { readablePart } from './json-texts.ts'

const LONG = 'text "with" \\ and ünï\n'.repeat(300)
const read = (text: string) => readablePart(Buffer.from(text))

describe('readablePart()', () => {
  test.each([JSON.stringify, (value: unknown) => JSON.stringify(value, null, 2)])(
    'empties long texts, but for commands and keys',
    (written) => {
      const value = (long: string) => ({
        a: [long, 'short', [long]],
        b: { command: LONG, c: 1, text: long },
        [LONG]: long,
      })
      expect(JSON.parse(read(written(value(LONG))))).toEqual(value(''))
    },
  )

  test('says of whole JSON and of broken JSON what the whole text says', () => {
    const broken = fc.tuple(
      fc.jsonValue(),
      fc.nat(),
      fc.constantFrom('', '"', '\\', '\\x', '\\u12', '\n', '}'),
    )
    fc.assert(
      fc.property(broken, ([value, at, inserted]) => {
        const text = JSON.stringify([LONG, value, LONG])
        const place = at % text.length
        const damaged = text.slice(0, place) + inserted + text.slice(place)
        expect(isJson(read(damaged))).toBe(isJson(damaged))
      }),
      { numRuns: 1000 },
    )
  })

  test('reads no further than it is told', () => {
    const bytes = Buffer.from(`${JSON.stringify(LONG)}\n"${LONG}`)
    const end = bytes.indexOf('\n')
    expect(readablePart(bytes, 0, end)).toBe('""')
    expect(readablePart(bytes, 0, end - 1)).toBe(bytes.toString('utf8', 0, end - 1))
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
