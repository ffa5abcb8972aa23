// Timers that end together.

export class Timers {
  readonly #clear = new Set<() => void>()

  after(ms: number, act: () => void): void {
    const timer = setTimeout(act, ms)
    this.#clear.add(() => clearTimeout(timer))
  }

  /** Acts now and every `ms` by `nowMs`: a late turn does not make the next ones later. */
  every(ms: number, nowMs: () => number, act: () => void): void {
    const firstMs = nowMs()
    let timer: Timer
    let turns = 0
    const next = () => {
      turns = Math.max(turns, Math.floor((nowMs() - firstMs) / ms)) + 1
      const dueMs = firstMs + turns * ms
      timer = setTimeout(
        () => {
          act()
          next()
        },
        Math.max(0, dueMs - nowMs()),
      )
    }
    this.#clear.add(() => clearTimeout(timer))
    act()
    next()
  }

  clear(): void {
    for (const clear of this.#clear) clear()
    this.#clear.clear()
  }
}
