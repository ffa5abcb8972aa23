// Reads JSON that others wrote, whatever state it is in. What is whole is read fast; a file that is cut or garbled
// is read as far as it goes, and what had to be left out is a named loss.

import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countKeys, duplicateKeys, textKeys } from './json-keys.ts'
import { readPrefix } from './json-prefix.ts'
import type { LossLog } from './losses.ts'

export interface Place {
  readonly root: string
  /** Relative to the root. */
  readonly file: string
  readonly losses: LossLog
}

/** The file's text; null if there is none. Bytes that are not UTF-8 become U+FFFD. */
export function readText({ root, file, losses }: Place): string | null {
  const path = join(root, file)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === undefined) throw error
    losses.note(file, null, code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`)
    return null
  }
  // A text may hold U+FFFD of its own; only the bytes tell.
  if (text.includes('\uFFFD') && !isUtf8(readFileSync(path))) {
    losses.note(file, null, 'has bytes that are not UTF-8')
  }
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** The file's document; null if there is nothing to read. */
export function readJson(place: Place): unknown {
  const text = readText(place)
  return text === null ? null : parseJson(text, null, place)
}

/** The value of a JSON text; the part before the first fault if it has one. */
export function parseJson(text: string, at: string | null, { file, losses }: Place): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const { value: prefix, faultAt } = readPrefix(text)
    losses.note(file, at, `is no whole JSON: read up to character ${faultAt} of ${text.length}`)
    return prefix ?? null
  }
  noteDuplicates(text, value, at, { file, losses })
  return value
}

/** Calls back with each line's value. A line that is not whole JSON is a loss. */
export function eachJsonLine(place: Place, use: (value: unknown, line: number) => void): boolean {
  const text = readText(place)
  if (text === null) return false
  text.split('\n').forEach((line, at) => {
    const value = line === '' ? undefined : parseLine(line, at + 1, place)
    if (value !== undefined) use(value, at + 1)
  })
  return true
}

function parseLine(text: string, line: number, place: Place): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    if (text.trim() !== '') place.losses.note(place.file, `line ${line}`, 'is no JSON')
    return undefined
  }
  noteDuplicates(text, value, `line ${line}`, place)
  return value
}

function noteDuplicates(
  text: string,
  value: unknown,
  at: string | null,
  { file, losses }: Pick<Place, 'file' | 'losses'>,
): void {
  if (textKeys(text) === countKeys(value)) return
  const twice = duplicateKeys(text)
  if (twice === null) losses.note(file, at, 'is nested too deeply to look for keys that are there twice')
  else if (twice > 0) losses.note(file, at, 'an object has a key twice; the last one counts')
}
