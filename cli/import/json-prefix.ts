// The part of a broken JSON text that stands before its first fault. A value that the fault cuts is left out,
// never guessed: `{"a": [1, 23` gives `{"a": [1]}`.

import type { JSONVisitor } from 'jsonc-parser'
import { visitJson } from './json-visit.ts'

interface Prefix {
  /** undefined if not even the outermost value began. */
  readonly value: unknown
  readonly faultAt: number
}

class Fault extends Error {
  constructor(readonly at: number) {
    super('the text is broken here')
  }
}

export function readPrefix(text: string): Prefix {
  const builder = new PrefixBuilder(text.length)
  try {
    visitJson(text, builder.visitor, { disallowComments: true })
  } catch (error) {
    if (error instanceof Fault) return { value: builder.value, faultAt: error.at }
    // The parser goes down one stack frame a level.
    if (error instanceof RangeError) return { value: undefined, faultAt: 0 }
    throw error
  }
  return { value: builder.value, faultAt: text.length }
}

class PrefixBuilder {
  value: unknown
  readonly #open: (unknown[] | Record<string, unknown>)[] = []
  #key = ''
  readonly #length: number

  constructor(length: number) {
    this.#length = length
  }

  readonly visitor: JSONVisitor = {
    onObjectBegin: () => this.#begin({}),
    onObjectEnd: () => void this.#open.pop(),
    onArrayBegin: () => this.#begin([]),
    onArrayEnd: () => void this.#open.pop(),
    onObjectProperty: (name) => {
      this.#key = name
    },
    onLiteralValue: (value, offset, length) => {
      // A number at the very end may have lost digits.
      if (typeof value === 'number' && offset + length === this.#length) throw new Fault(offset)
      this.#add(value)
    },
    onError: (_error, offset) => {
      throw new Fault(offset)
    },
  }

  #begin(container: unknown[] | Record<string, unknown>): void {
    this.#add(container)
    this.#open.push(container)
  }

  #add(value: unknown): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) this.value = value
    else if (Array.isArray(parent)) parent.push(value)
    else
      Object.defineProperty(parent, this.#key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
  }
}
