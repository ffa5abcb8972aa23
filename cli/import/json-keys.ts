// Finds keys that an object has twice, which JSON.parse passes over in silence. The number of keys in the text is
// compared with that in the value, which is cheap; only where they differ is the text read again, with care.

import { visitJson } from './json-visit.ts'

const BACKSLASH = 0x5c

/**
 * How many keys the text has where each is followed directly by its colon, as writers of JSON do. A text that begins
 * with a colon counts too: it costs a second look and hides nothing.
 */
export function textKeys(text: string): number {
  let keys = 0
  for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) {
    if (text.charCodeAt(at - 1) !== BACKSLASH || !isEscaped(text, at)) keys++
  }
  return keys
}

/** Whether an odd number of backslashes stands before the character. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (first > 0 && text.charCodeAt(first - 1) === BACKSLASH) first--
  return (at - first) % 2 === 1
}

/** How many keys all objects in the value have together. */
export function countKeys(value: unknown): number {
  let keys = 0
  const open = [value]
  while (open.length > 0) {
    const each = open.pop()
    if (typeof each !== 'object' || each === null) continue
    if (Array.isArray(each)) {
      for (const item of each) if (typeof item === 'object') open.push(item)
      continue
    }
    for (const key in each) {
      keys++
      const item = (each as Record<string, unknown>)[key]
      if (typeof item === 'object') open.push(item)
    }
  }
  return keys
}

/** The number of keys that repeat one of the same object; null if the text is nested too deeply to tell. */
export function duplicateKeys(text: string): number | null {
  let twice = 0
  const open: Set<string>[] = []
  try {
    visitJson(text, {
      onObjectBegin: () => void open.push(new Set()),
      onObjectEnd: () => void open.pop(),
      onObjectProperty: (name) => {
        const seen = open.at(-1) as Set<string>
        if (seen.has(name)) twice++
        seen.add(name)
      },
    })
  } catch (error) {
    // The parser goes down one stack frame a level.
    if (error instanceof RangeError) return null
    throw error
  }
  return twice
}
