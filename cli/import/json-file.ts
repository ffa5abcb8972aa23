// Reads JSON that others wrote, whatever state it is in. What is whole is read fast; a file that is cut or garbled
// is read as far as it goes, and what had to be left out is a named loss.

import { makeRoomFor } from '../garbage.ts'
import { type Place, readBytes } from './file-bytes.ts'
import { countKeys, duplicateKeys, textKeys } from './json-keys.ts'
import { readPrefix } from './json-prefix.ts'
import { readablePart } from './json-texts.ts'

export type { Place } from './file-bytes.ts'

/** The file's text; null if there is none. Bytes that are not UTF-8 become U+FFFD. */
export function readText(place: Place): string | null {
  return readBytes(place)?.toString('utf8') ?? null
}

/** A document of usual size has no text that is worth looking for. */
const LARGE_BYTES = 1 << 18

/** The file's document, long texts left empty; null if there is nothing to read. */
export function readJson(place: Place): unknown {
  const bytes = readBytes(place)
  if (bytes === null) return null
  const whole = () => bytes.toString('utf8')
  return parseJson(bytes.length > LARGE_BYTES ? readablePart(bytes) : whole(), null, place, whole)
}

/** The value of a JSON text; the part of the whole one before its first fault if it has one. */
export function parseJson(
  text: string,
  at: string | null,
  { file, losses }: Place,
  whole = () => text,
): unknown {
  makeRoomFor(text.length)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const all = whole()
    const { value: prefix, faultAt } = readPrefix(all)
    losses.note(file, at, `is no whole JSON: read up to character ${faultAt} of ${all.length}`)
    return prefix ?? null
  }
  noteDuplicates(text, value, at, { file, losses })
  return value
}

const LINE_END = 0x0a

/** Calls back with each line's value, long texts left empty. A line that is not whole JSON is a loss. `use` must read no file. */
export function eachJsonLine(place: Place, use: (value: unknown, line: number) => void): boolean {
  const bytes = readBytes(place)
  if (bytes === null) return false
  // A line for itself is mostly ASCII, whose text is half as large and read faster.
  for (let at = 0, line = 1; at < bytes.length; line++) {
    const found = bytes.indexOf(LINE_END, at)
    const end = found === -1 ? bytes.length : found
    const value = end > at ? parseLine(readablePart(bytes, at, end), line, place) : undefined
    if (value !== undefined) use(value, line)
    at = end + 1
  }
  return true
}

function parseLine(text: string, line: number, place: Place): unknown {
  makeRoomFor(text.length)
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
