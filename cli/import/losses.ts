// What of someone's data could not be used, by name: an importer notes it and goes on. Neither names nor contents
// of the traces are repeated, only where the fault is and what kind of thing stood there.

export interface Loss {
  /** The file, relative to the folder that was read. */
  readonly file: string
  /** Where in it the first one is. */
  readonly at: string | null
  readonly seen: string
  /** How many of the same kind the file has. */
  readonly count: number
}

export class LossLog {
  readonly #found = new Map<string, Loss>()

  note(file: string, at: string | null, seen: string): void {
    const key = `${file}\n${seen}`
    const before = this.#found.get(key)
    this.#found.set(key, before ? { ...before, count: before.count + 1 } : { file, at, seen, count: 1 })
  }

  list(): Loss[] {
    return [...this.#found.values()]
  }
}

export function lossLine({ file, at, seen, count }: Loss): string {
  const more = count > 1 ? ` (and ${count - 1} more)` : ''
  return `${file}: ${at === null ? '' : `${at}: `}${seen}${more}`
}

/** The kind of a value for people; never the value. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return { string: 'text', number: 'a number', boolean: 'a truth value' }[typeof value as string] ?? 'unknown'
}
