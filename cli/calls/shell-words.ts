// Reads back a command that an agent has quoted into a longer shell text. Quoting alone is understood: no
// variables, no operators, no comments, for the text was written by a program. A text that was cut off (a record
// keeps 4 KiB of argv) gives what is left of the command.

import { basename } from 'node:path'
import { SHELL } from './kinds.ts'

const MOST_NESTED = 3

/** What a shell is given to run with -c; null if this is no shell, or none with a text. */
export function shellScript(argv: readonly string[]): string | null {
  return SHELL.test(basename(argv[0] ?? '')) ? shellText(argv) : null
}

/** The word that -c takes, or null. Options may stand between: `bash -c -l TEXT`. */
export function shellText(argv: readonly string[]): string | null {
  const option = argv.findIndex((word, at) => at > 0 && /^-\w*c$/.test(word))
  if (option < 0) return null
  return argv.slice(option + 1).find((word) => !/^[-+]\w+$/.test(word)) ?? null
}

/** The word after the word `marker` in the text of `argv`'s -c, unquoted; null if there is no such word. */
export function readCommand(argv: readonly string[], marker: string): string | null {
  const text = shellText(argv)
  return text === null ? null : wordAfter(text, marker, 0)
}

function wordAfter(text: string, marker: string, nested: number): string | null {
  const words = shellWords(text)
  const at = words.indexOf(marker)
  if (at >= 0) return words[at + 1] ?? null
  if (nested === MOST_NESTED) return null
  // A prefix that the user configured takes the whole text as one word of its own.
  for (const word of words) {
    const found = word.includes(marker) && word !== text ? wordAfter(word, marker, nested + 1) : null
    if (found !== null) return found
  }
  return null
}

/** The words between unquoted blanks, each with its quoting undone. Operators count as part of a word. */
export function shellWords(text: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (/\s/.test(char)) {
      if (word !== null) words.push(word)
      word = null
      at += 1
      continue
    }
    const [piece, next] =
      char === "'" ? singleQuoted(text, at) : char === '"' ? doubleQuoted(text, at) : bare(text, at)
    word = (word ?? '') + piece
    at = next
  }
  if (word !== null) words.push(word)
  return words
}

type Piece = [text: string, next: number]

function singleQuoted(text: string, at: number): Piece {
  const end = text.indexOf("'", at + 1)
  return end < 0 ? [text.slice(at + 1), text.length] : [text.slice(at + 1, end), end + 1]
}

function doubleQuoted(text: string, at: number): Piece {
  let piece = ''
  let next = at + 1
  while (next < text.length && text.charAt(next) !== '"') {
    const isEscaped = text.charAt(next) === '\\' && /["\\$`]/.test(text.charAt(next + 1))
    if (isEscaped) next += 1
    piece += text.charAt(next)
    next += 1
  }
  return [piece, next + 1]
}

function bare(text: string, at: number): Piece {
  return text.charAt(at) === '\\' ? [text.charAt(at + 1), at + 2] : [text.charAt(at), at + 1]
}
