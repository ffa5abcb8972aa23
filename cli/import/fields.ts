// Fields of documents that others wrote: each is what it should be, or null and a named loss. The bounds are what a
// machine of today or of the next decades can do; a number beyond them is damage, and one such number would drown
// every mean that it enters.

import { kindOf, type LossLog } from './losses.ts'

export interface Bounds {
  readonly least: number
  readonly most: number
}

export const SECONDS: Bounds = { least: 0, most: 10 * 365 * 86_400 }
/** 2000 to 2100. */
export const EPOCH_SECONDS: Bounds = { least: 946_684_800, most: 4_102_444_800 }
/** Percent of one core: a hundred thousand of them. */
export const CPU_PERCENT: Bounds = { least: 0, most: 1e7 }
export const BYTES: Bounds = { least: 0, most: 2 ** 50 }
export const MEGABYTES: Bounds = { least: 0, most: 2 ** 30 }
export const COUNT: Bounds = { least: 0, most: 1e12 }

export type Fields = Readonly<Record<string, unknown>>

/** Reads the fields of one object. Where it stands is put together only if there is a loss. */
export class FieldReader {
  constructor(
    readonly fields: Fields,
    readonly file: string,
    readonly losses: LossLog,
    private readonly parent: FieldReader | null = null,
    private readonly name = '',
    private readonly index: number | null = null,
  ) {}

  /** `samples[3].input`; empty for the whole file. */
  get place(): string {
    const before = this.parent?.place ?? ''
    const own = this.index === null ? this.name : `${this.name}[${this.index}]`
    return before === '' ? own : `${before}.${own}`
  }

  /** A number in bounds. That it is absent is no damage by itself; see expect(). */
  number(name: string, bounds: Bounds): number | null {
    const value = this.fields[name]
    if (value === undefined) return null
    if (typeof value !== 'number') return this.#lost(name, `is ${kindOf(value)}, not a number`)
    if (!(value >= bounds.least && value <= bounds.most)) return this.#lost(name, OUT_OF_BOUNDS)
    return value
  }

  /** Notes those that are not there, of fields that every such object has. */
  expect(...names: readonly string[]): void {
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string
      if (this.fields[name] === undefined) this.#lost(name, 'is missing')
    }
  }

  /** true or false; an absent one is false. */
  flag(name: string): boolean {
    const value = this.fields[name]
    if (value === undefined || typeof value === 'boolean') return value === true
    this.#lost(name, `is ${kindOf(value)}, not a truth value`)
    return false
  }

  text(name: string): string | null {
    const value = this.fields[name]
    if (value === undefined) return null
    return typeof value === 'string' ? value : this.#lost(name, `is ${kindOf(value)}, not text`)
  }

  /** A time with its zone, in seconds of Unix time. */
  time(name: string): number | null {
    const text = this.text(name)
    if (text === null) return null
    const epoch = epochSeconds(text)
    return epoch === null ? this.#lost(name, 'is no time with a zone') : epoch
  }

  object(name: string): FieldReader | null {
    const value = this.fields[name]
    if (value === undefined) return null
    if (!isFields(value)) return this.#lost(name, `is ${kindOf(value)}, not an object`)
    return new FieldReader(value, this.file, this.losses, this, name)
  }

  /** The reader of each object in a list. */
  list(name: string): FieldReader[] {
    const value = this.fields[name]
    if (value === undefined) return []
    if (Array.isArray(value)) return readersOf(value, this.file, this.losses, name, this)
    this.#lost(name, `is ${kindOf(value)}, not a list`)
    return []
  }

  note(name: string, seen: string): void {
    this.#lost(name, seen)
  }

  #lost(name: string, seen: string): null {
    this.losses.note(this.file, this.place || null, `${name} ${seen}`)
    return null
  }
}

export const OUT_OF_BOUNDS = 'is beyond what can be'

/** The reader of each object in a list; anything else in it is a loss. */
export function readersOf(
  values: readonly unknown[],
  file: string,
  losses: LossLog,
  name: string,
  parent: FieldReader | null = null,
): FieldReader[] {
  const readers: FieldReader[] = []
  for (let at = 0; at < values.length; at++) {
    const value = values[at]
    if (isFields(value)) readers.push(new FieldReader(value, file, losses, parent, name, at))
    else
      losses.note(
        file,
        `${parent?.place ? `${parent.place}.` : ''}${name}[${at}]`,
        `is ${kindOf(value)}, not an object`,
      )
  }
  return readers
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const ZONED_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** null if it is no ISO 8601 time with a zone, or beyond the years that can be. */
export function epochSeconds(text: string): number | null {
  if (!ZONED_TIME.test(text)) return null
  const seconds = Date.parse(text) / 1000
  return seconds >= EPOCH_SECONDS.least && seconds <= EPOCH_SECONDS.most ? seconds : null
}
