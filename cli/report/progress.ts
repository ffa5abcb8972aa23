// How far a long reading is, on a terminal alone and only if it takes a while.

const QUIET_MS = 1000
const EVERY_MS = 100

export class ProgressLine {
  readonly #began = performance.now()
  #shown = 0
  #isShown = false

  constructor(readonly what: string) {}

  readonly update = (done: number, of: number): void => {
    const now = performance.now()
    if (!process.stderr.isTTY || now - this.#began < QUIET_MS || now - this.#shown < EVERY_MS) return
    this.#shown = now
    this.#isShown = true
    process.stderr.write(`\r${this.what}: ${done} of ${of}`)
  };

  [Symbol.dispose](): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K')
  }
}
