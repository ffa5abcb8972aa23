// Timers that end together.

export interface Pace {
  /** Has the next turn come in so many ms at the latest. */
  within(ms: number): void
}

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

  /** Acts now, and again as many ms later as `act` returns; null: never again. */
  paced(act: () => number | null): Pace {
    let timer: Timer
    let dueMs = 0
    let isOver = false
    const turn = () => schedule(act())
    const schedule = (waitMs: number | null) => {
      isOver ||= waitMs === null
      if (waitMs === null || isOver) return
      dueMs = performance.now() + waitMs
      timer = setTimeout(turn, waitMs)
    }
    this.#clear.add(() => {
      isOver = true
      clearTimeout(timer)
    })
    turn()
    return {
      within: (ms) => {
        if (isOver || dueMs - performance.now() <= ms) return
        clearTimeout(timer)
        schedule(ms)
      },
    }
  }

  clear(): void {
    for (const clear of this.#clear) clear()
    this.#clear.clear()
  }
}
