// The time that a run has had to get on: it stands still while the run is paused.

export class PausableClock {
  #pausedMs = 0
  #pausedSinceMs: number | null = null

  constructor(private readonly runMs: () => number) {}

  nowMs(): number {
    return (this.#pausedSinceMs ?? this.runMs()) - this.#pausedMs
  }

  get isPaused(): boolean {
    return this.#pausedSinceMs !== null
  }

  /** Whether that is a change. */
  setPaused(isPaused: boolean): boolean {
    if (isPaused === this.isPaused) return false
    const nowMs = this.runMs()
    this.#pausedMs += nowMs - (this.#pausedSinceMs ?? nowMs)
    this.#pausedSinceMs = isPaused ? nowMs : null
    return true
  }
}
