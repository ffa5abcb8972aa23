// The bytes of one file at a time, in a buffer that each thread keeps: runs are read by the hundred, and fresh memory
// for every file costs more than reading it.

import { isUtf8 } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { makeRoomFor } from '../garbage.ts'
import type { LossLog } from './losses.ts'

export interface Place {
  readonly root: string
  /** Relative to the root. */
  readonly file: string
  readonly losses: LossLog
}

/** Few files are larger; each of those has a buffer of its own. */
const KEPT_BYTES = 1 << 20

let kept: Buffer | null = null

/** The file's bytes, until the next call; null if there are none to read. A byte order mark is left out. */
export function readBytes({ root, file, losses }: Place): Buffer | null {
  let bytes: Buffer
  try {
    bytes = wholeFile(join(root, file))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    losses.note(file, null, code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`)
    return null
  }
  if (!isUtf8(bytes)) losses.note(file, null, 'has bytes that are not UTF-8')
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

function wholeFile(path: string): Buffer {
  const handle = openSync(path, 'r')
  try {
    let into = bufferOf(fstatSync(handle).size + 1)
    let length = 0
    for (;;) {
      const read = readSync(handle, into, length, into.length - length, null)
      if (read === 0) return into.subarray(0, length)
      length += read
      // It grew since it was looked at, or is of a kind that has no size.
      if (length === into.length) into = Buffer.concat([into], 2 * into.length)
    }
  } finally {
    closeSync(handle)
  }
}

function bufferOf(size: number): Buffer {
  if (size > KEPT_BYTES) {
    makeRoomFor(size)
    return Buffer.allocUnsafeSlow(size)
  }
  kept ??= Buffer.allocUnsafeSlow(KEPT_BYTES)
  return kept
}
