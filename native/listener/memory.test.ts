import { ptr } from 'bun:ffi'
import { describe, expect, test } from 'bun:test'
import { addressOf, native, text } from './native.ts'

const MOST = 4096

function arrayAt(words: readonly string[], pointerBytes = 8): number {
  const array = Buffer.alloc((words.length + 1) * pointerBytes)
  for (const [at, word] of words.entries()) array.writeBigUInt64LE(BigInt(addressOf(text(word))), at * 8)
  return addressOf(array)
}

function strings(address: number, pointerBytes = 8) {
  const into = Buffer.alloc(MOST + 1)
  const isCut = Buffer.alloc(1)
  const bytes = Number(native.read_strings(process.pid, address, pointerBytes, ptr(into), MOST, ptr(isCut)))
  const argv = into.subarray(0, bytes).toString().split('\0').slice(0, -1)
  return { argv, truncated: isCut[0] === 1 }
}

describe('read_strings()', () => {
  test('reads every word, empty and non-ASCII ones too', () => {
    const words = ['bash', '', '-c', 'echo "ünïcode" — \n done']
    expect(strings(arrayAt(words))).toEqual({ argv: words, truncated: false })
  })

  test('reads more words than it reads pointers at once', () => {
    for (const count of [63, 64, 65, 200]) {
      const words = Array.from({ length: count }, (_, at) => `w${at}`)
      expect(strings(arrayAt(words)).argv).toEqual(words)
    }
  })

  test('cuts after so many bytes, in one word or in many, and says so', () => {
    const long = strings(arrayAt(['echo', 'x'.repeat(9000)]))
    expect(long.truncated).toBe(true)
    expect(long.argv.join(' ').length).toBe(MOST)
    const many = strings(arrayAt(Array.from({ length: 3000 }, () => 'word')))
    expect(many.truncated).toBe(true)
    expect(many.argv.join(' ').length).toBeLessThanOrEqual(MOST)
  })

  test('does not say so where the last byte of the last word just fits', () => {
    expect(strings(arrayAt(['x'.repeat(MOST)]))).toEqual({ argv: ['x'.repeat(MOST)], truncated: false })
    expect(strings(arrayAt(['x'.repeat(MOST + 1)])).truncated).toBe(true)
  })

  test('reads an array of 4-byte pointers with its words beyond reach as empty', () => {
    const array = Buffer.alloc(16)
    array.writeUInt32LE(16, 0)
    expect(strings(addressOf(array), 4)).toEqual({ argv: [''], truncated: false })
  })

  test('reads no words where there is no array', () => {
    expect(strings(0)).toEqual({ argv: [], truncated: false })
    expect(strings(16)).toEqual({ argv: [], truncated: false })
  })
})

describe('read_entries()', () => {
  const entries = (words: readonly string[], most = MOST) => {
    const into = Buffer.alloc(most)
    const bytes = native.read_entries(process.pid, arrayAt(words), 8, ptr(text('ACG_')), ptr(into), most)
    return into.subarray(0, Number(bytes)).toString().split('\0').slice(0, -1)
  }

  test('takes what begins with the prefix, and cuts what is long', () => {
    const long = `ACG_LONG=${'x'.repeat(1000)}`
    expect(entries(['PATH=/bin', 'ACG_HINT=memory=2g', 'XACG_A=1', 'ACG', long])).toEqual([
      'ACG_HINT=memory=2g',
      long.slice(0, 256),
    ])
  })

  test('takes no more than there is room for', () => {
    expect(entries(['ACG_A=1', 'ACG_B=2'], 12)).toEqual(['ACG_A=1'])
  })
})
