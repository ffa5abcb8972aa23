// Reads this test's own memory, where it is known what stands.

import { ptr } from 'bun:ffi'
import { describe, expect, test } from 'bun:test'
import { ARGV_BYTES } from '../process-event.ts'
import { ProcessMemory } from './arguments.ts'

const kept: Buffer[] = []

function stringAt(text: string): number {
  const bytes = Buffer.from(`${text}\0`)
  kept.push(bytes)
  return ptr(bytes)
}

function arrayAt(words: readonly string[], pointerBytes = 8): number {
  const array = Buffer.alloc((words.length + 1) * pointerBytes)
  kept.push(array)
  words.forEach((word, at) => {
    array.writeBigUInt64LE(BigInt(stringAt(word)), at * 8)
  })
  return ptr(array)
}

function own<T>(read: (memory: ProcessMemory) => T): T {
  using memory = new ProcessMemory(process.pid)
  return read(memory)
}

describe('strings()', () => {
  test('reads every word, empty and non-ASCII ones too', () => {
    const words = ['bash', '', '-c', 'echo "ünïcode" — \n done']
    expect(own((memory) => memory.strings(arrayAt(words), 8))).toEqual({ argv: words, truncated: false })
  })

  test('reads more words than it reads pointers at once', () => {
    const words = Array.from({ length: 200 }, (_, at) => `w${at}`)
    expect(own((memory) => memory.strings(arrayAt(words), 8)).argv).toEqual(words)
  })

  test('cuts after ARGV_BYTES, in one word or in many, and says so', () => {
    const long = own((memory) => memory.strings(arrayAt(['echo', 'x'.repeat(9000)]), 8))
    expect(long.truncated).toBe(true)
    expect(long.argv.join(' ').length).toBe(ARGV_BYTES)
    const many = own((memory) => memory.strings(arrayAt(Array.from({ length: 3000 }, () => 'word')), 8))
    expect(many.truncated).toBe(true)
    expect(many.argv.join(' ').length).toBeLessThanOrEqual(ARGV_BYTES)
  })

  test('reads an array of 4-byte pointers with its words beyond reach as empty, and does not throw', () => {
    const array = Buffer.alloc(16)
    array.writeUInt32LE(16, 0)
    kept.push(array)
    expect(own((memory) => memory.strings(ptr(array), 4))).toEqual({ argv: [''], truncated: false })
  })

  test('reads no words where there is no array', () => {
    expect(own((memory) => memory.strings(0, 8))).toEqual({ argv: [], truncated: false })
    expect(own((memory) => memory.strings(16, 8))).toEqual({ argv: [], truncated: false })
  })
})
