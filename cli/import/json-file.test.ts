import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { parseJson } from './json-file.ts'
import { countKeys, duplicateKeys, textKeys } from './json-keys.ts'
import { readPrefix } from './json-prefix.ts'
import { LossLog, lossLine } from './losses.ts'

function parse(text: string): { value: unknown; losses: string[] } {
  const losses = new LossLog()
  const value = parseJson(text, null, { root: '/', file: 'some.json', losses })
  return { value, losses: losses.list().map(lossLine) }
}

describe('readPrefix()', () => {
  test.each([
    ['{"a": [1, 23', { a: [1] }],
    ['{"a": [1, 23]', { a: [1, 23] }],
    ['{"a": "cut he', {}],
    ['{"a": 1, "b"', { a: 1 }],
    ['[{"a": 1}, {"b": 2}} more', [{ a: 1 }, { b: 2 }]],
    ['[1, NaN, 3]', [1]],
    ['{"__proto__": {"x": 1}, "b"', JSON.parse('{"__proto__": {"x": 1}}')],
    ['', undefined],
    ['nonsense', undefined],
  ])('keeps what stands before the fault of %p', (text, value) => {
    expect(readPrefix(text as string).value).toEqual(value)
  })

  test('gives up and does not fail when the text is nested too deeply', () => {
    expect(readPrefix('['.repeat(200_000)).faultAt).toBeNumber()
  })

  test('never throws when JSON is cut anywhere', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        readPrefix(text.slice(0, at % (text.length + 1)))
      }),
    )
  })
})

describe('parseJson()', () => {
  test('loses nothing when the JSON is whole', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(parse(text)).toEqual({ value: JSON.parse(text), losses: [] })
      }),
    )
  })

  test('names a key that is there twice, however it is written', () => {
    const name = 'some.json: an object has a key twice; the last one counts'
    expect(parse('{"a": 1, "b": {"a": 1, "a": 2}}')).toEqual({ value: { a: 1, b: { a: 2 } }, losses: [name] })
    expect(parse('{"a" : 1, "\\u0061" :2}').losses).toEqual([name])
    expect(parse('{"a" : 1, "b" :2}').losses).toEqual([])
    expect(parse('{"a": "\\": \\\\", "b": "\\\\\\": x"}').losses).toEqual([])
  })

  test('does not fail when what has a key twice is nested as deeply as JSON can be', () => {
    for (const depth of [1000, 5000, 20_000, 100_000]) {
      const text = `{"a": 1, "a": ${'['.repeat(depth)}${']'.repeat(depth)}}`
      expect(parse(text).losses).toHaveLength(1)
    }
  })

  test('names a text that is cut', () => {
    expect(parse('{"a": 1, "b').losses[0]).toStartWith('some.json: is no whole JSON: read up to character')
  })
})

test('textKeys() is never below countKeys(), and equal when no text begins with a colon', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      const keys = countKeys(JSON.parse(text))
      expect(textKeys(text)).toBeGreaterThanOrEqual(keys)
      if (!/(^|[[{,:])":/.test(text)) expect(textKeys(text)).toBe(keys)
      expect(duplicateKeys(text)).toBe(0)
    }),
  )
})
