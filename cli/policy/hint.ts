// What a model may ask for its own command: `ACG_HINT="memory=2g"`, in the environment or before the command. It is
// a wish from inside the sandbox: matched against a grammar, never evaluated, and never more than the room.

import { shellWords } from '../calls/shell-words.ts'

const NAME = 'ACG_HINT'
const GRAMMAR = /^memory=(\d{1,9})([kmg])$/
const FACTORS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 }
const MOST_SHOWN = 40

export interface Hint {
  readonly bytes: number | null
  /** Why it is not, or not wholly, what was asked for. */
  readonly note: string | null
}

const NO_HINT: Hint = { bytes: null, note: null }

/** `memory=2g` → 2 000 000 000 bytes, at most `roomBytes`. */
export function parseHint(text: string, roomBytes: number): Hint {
  const match = GRAMMAR.exec(text)
  const asked = Number(match?.[1] ?? 0) * (FACTORS[match?.[2] ?? ''] ?? 0)
  if (asked === 0) {
    return { bytes: null, note: `${NAME}=${shown(text)} was ignored: it is not memory=NUMBER and k, m or g` }
  }
  if (asked <= roomBytes) return { bytes: asked, note: null }
  return {
    bytes: roomBytes,
    note: `${NAME}=${shown(text)} is more than the ${roomBytes} bytes that calls share`,
  }
}

/** What stands before the command in the first of these texts that has one, or else in the environment. */
export function hintOf(texts: readonly string[], environment: readonly string[], roomBytes: number): Hint {
  const own = texts.map((text) => hintOfCommand(text, roomBytes)).find((hint) => hint !== NO_HINT)
  return own ?? hintOfEnvironment(environment, roomBytes)
}

/** Of the `NAME=value` entries of an environment. */
export function hintOfEnvironment(environment: readonly string[], roomBytes: number): Hint {
  return firstHint(environment, roomBytes)
}

/** Of the assignments before the first command of a shell's text. */
export function hintOfCommand(command: string, roomBytes: number): Hint {
  const words = shellWords(command)
  const end = words.findIndex((word) => !/^\w+=/.test(word))
  return firstHint(end < 0 ? words : words.slice(0, end), roomBytes)
}

function firstHint(entries: readonly string[], roomBytes: number): Hint {
  const found = entries.find((entry) => entry.startsWith(`${NAME}=`))
  return found === undefined ? NO_HINT : parseHint(found.slice(NAME.length + 1), roomBytes)
}

/** It goes to a terminal and into the record: nothing that either could mistake for something else. */
function shown(text: string): string {
  const plain = text.slice(0, MOST_SHOWN).replace(/[^\x20-\x7e]/g, '?')
  return text.length > MOST_SHOWN ? `${plain}…` : plain
}
