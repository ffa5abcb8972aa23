// Reads what a process that waits in execve() is about to execute, out of its memory.
//
// The process is stopped, but what shares its memory is not: what is read here places and times a call, it is
// no ground for allowing one.

import { closeSync, openSync, readSync } from 'node:fs'
import { ARGV_BYTES } from '../process-event.ts'

const POINTERS_AT_ONCE = 64
const STRING_CHUNK_BYTES = 256
/** An environment that a program is given on purpose is smaller. */
const MOST_ENTRIES = 4096

export interface Arguments {
  readonly argv: string[]
  readonly truncated: boolean
}

/** The memory of one process. Bytes that are not mapped read as an end. */
export class ProcessMemory {
  readonly #fd: number

  constructor(pid: number) {
    this.#fd = openSync(`/proc/${pid}/mem`, 'r')
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }

  #read(address: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes)
    try {
      return buffer.subarray(0, readSync(this.#fd, buffer, 0, bytes, address))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EIO') return Buffer.alloc(0)
      throw error
    }
  }

  /** The string at `address`, without its end mark; cut after `most` bytes. */
  string(address: number, most: number): { bytes: Buffer; truncated: boolean } {
    const chunks: Buffer[] = []
    let length = 0
    while (length <= most) {
      // The first chunk is small, since most words are; later ones are not.
      const chunk = this.#read(address + length, length === 0 ? STRING_CHUNK_BYTES : ARGV_BYTES)
      const end = chunk.indexOf(0)
      const part = end < 0 ? chunk : chunk.subarray(0, end)
      chunks.push(part)
      length += part.length
      if (end >= 0 || chunk.length === 0) break
    }
    const bytes = Buffer.concat(chunks)
    return { bytes: bytes.subarray(0, most), truncated: bytes.length > most }
  }

  #pointer(buffer: Buffer, at: number, pointerBytes: 4 | 8): number {
    return pointerBytes === 4 ? buffer.readUInt32LE(at) : Number(buffer.readBigUInt64LE(at))
  }

  /** Those strings of a null-terminated array that begin with `prefix`, each cut after STRING_CHUNK_BYTES. */
  entries(address: number, pointerBytes: 4 | 8, prefix: string): string[] {
    const found: string[] = []
    for (let at = 0; address !== 0 && at < MOST_ENTRIES; at++) {
      const word = this.#read(address + at * pointerBytes, pointerBytes)
      const pointer = word.length < pointerBytes ? 0 : this.#pointer(word, 0, pointerBytes)
      if (pointer === 0) break
      const entry = this.#read(pointer, STRING_CHUNK_BYTES)
      const end = entry.indexOf(0)
      if (entry.subarray(0, prefix.length).toString() === prefix)
        found.push(entry.subarray(0, end < 0 ? STRING_CHUNK_BYTES : end).toString())
    }
    return found
  }

  /** The words of a null-terminated array of strings, up to ARGV_BYTES in all. */
  strings(address: number, pointerBytes: 4 | 8): Arguments {
    const argv: string[] = []
    let left = ARGV_BYTES
    for (let array = address; array !== 0; array += POINTERS_AT_ONCE * pointerBytes) {
      const pointers = this.#read(array, POINTERS_AT_ONCE * pointerBytes)
      for (let at = 0; at + pointerBytes <= pointers.length; at += pointerBytes) {
        const pointer = this.#pointer(pointers, at, pointerBytes)
        if (pointer === 0) return { argv, truncated: false }
        if (left <= 0) return { argv, truncated: true }
        const word = this.string(pointer, left)
        argv.push(word.bytes.toString())
        if (word.truncated) return { argv, truncated: true }
        left -= word.bytes.length + 1
      }
      if (pointers.length < POINTERS_AT_ONCE * pointerBytes) break
    }
    return { argv, truncated: false }
  }
}
