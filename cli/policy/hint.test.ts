import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { hintOfCommand, hintOfEnvironment, parseHint } from './hint.ts'

const ROOM = 8e9

describe('parseHint()', () => {
  test('reads decimal sizes', () => {
    expect(parseHint('memory=2g', ROOM)).toEqual({ bytes: 2e9, note: null })
    expect(parseHint('memory=512m', ROOM)).toEqual({ bytes: 512e6, note: null })
    expect(parseHint('memory=64k', ROOM)).toEqual({ bytes: 64e3, note: null })
  })

  test('clamps to the room, and says so', () => {
    const { bytes, note } = parseHint('memory=9g', ROOM)
    expect(bytes).toBe(ROOM)
    expect(note).toContain('more than')
  })

  const WRONG = [
    '',
    '2g',
    'memory=',
    'memory=g',
    'memory=2',
    'memory=2G',
    'memory=-1g',
    'memory=1.5g',
    'memory=0g',
  ]
  const HOSTILE = [
    'memory=2g ',
    'memory=2g\n',
    'memory=$(id)g',
    'memory=2g;id',
    'memory=9999999999g',
    'memory=0x2g',
  ]
  test.each([...WRONG, ...HOSTILE])('ignores %j with a note', (text) => {
    const { bytes, note } = parseHint(text, ROOM)
    expect(bytes).toBeNull()
    expect(note).toContain('ignored')
  })

  test('gives a whole number of bytes within the room, or a short note in plain characters, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 500 })), (text) => {
        const { bytes, note } = parseHint(text, ROOM)
        if (bytes !== null) expect(bytes <= ROOM && Number.isInteger(bytes)).toBe(true)
        else expect(note?.length).toBeLessThan(140)
        expect(note ?? '').toMatch(/^[ -~…]*$/)
      }),
    )
  })
})

test('hintOfEnvironment() finds the entry of that name, and no other', () => {
  expect(hintOfEnvironment(['A=1', 'ACG_HINT=memory=2g', 'B=2'], ROOM).bytes).toBe(2e9)
  expect(hintOfEnvironment(['A=ACG_HINT=memory=2g', 'MY_ACG_HINT=memory=2g'], ROOM)).toEqual({
    bytes: null,
    note: null,
  })
})

describe('hintOfCommand()', () => {
  test.each([
    'ACG_HINT="memory=2g" pytest -q',
    'ACG_HINT=memory=2g pytest',
    "CI=1 ACG_HINT='memory=2g' npm test",
  ])('finds the assignment before the command: %s', (command) => {
    expect(hintOfCommand(command, ROOM)).toEqual({ bytes: 2e9, note: null })
  })

  test.each([
    'echo ACG_HINT=memory=2g',
    'pytest',
    '',
    'make ACG_HINT=memory=2g',
    '"A B"=1 ACG_HINT=memory=2g x',
  ])('finds none elsewhere: %s', (command) => {
    expect(hintOfCommand(command, ROOM)).toEqual({ bytes: null, note: null })
  })

  test('evaluates nothing', () => {
    expect(hintOfCommand('ACG_HINT="memory=$(echo 2)g" x', ROOM).bytes).toBeNull()
    expect(hintOfCommand('ACG_HINT=memory=$N x', ROOM).bytes).toBeNull()
  })
})
