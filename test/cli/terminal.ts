// A program on a terminal of its own, and hands on its keyboard (terminal.py).

import { join } from 'node:path'
import type { FileSink, Subprocess } from 'bun'

/** Long enough for a slow machine: what takes longer hangs. */
export const PATIENCE_SECONDS = 120
const PRESS_AGAIN_SECONDS = 5

interface Answer {
  readonly failed?: string
  readonly text?: string
  readonly modes?: unknown[]
  readonly exitCode?: number | null
  readonly signal?: number | null
}

export interface Ended {
  readonly exitCode: number | null
  readonly signal: number | null
  /** What the program wrote since the last expect(). */
  readonly text: string
}

export class TestTerminal implements AsyncDisposable {
  readonly #driver: Subprocess<'pipe', 'pipe', 'inherit'>
  readonly #answers: AsyncIterator<string>

  /** Starts `command` as the session of a new terminal. Python's own, so that no version manager's shim stands in. */
  constructor(
    command: readonly string[],
    {
      cwd,
      env = {},
      rows = 24,
      columns = 80,
    }: { cwd: string; env?: Record<string, string>; rows?: number; columns?: number },
  ) {
    const words = [
      '/usr/bin/python3',
      join(import.meta.dir, 'terminal.py'),
      `${rows}`,
      `${columns}`,
      ...command,
    ]
    this.#driver = Bun.spawn(words, {
      cwd,
      env: { ...process.env, TERM: 'xterm', PS1: '', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#answers = lines(this.#driver.stdout)
  }

  /** An interactive bash that says `$ ` when it is ready, and nothing of the user's. */
  static shell(cwd: string, env: Record<string, string> = {}): TestTerminal {
    return new TestTerminal(['bash', '--norc', '--noprofile', '-i'], { cwd, env: { ...env, PS1: 'ready> ' } })
  }

  /** Waits for output that matches; returns what came up to there, and throws with it if nothing does. */
  async expect(regex: RegExp, seconds = PATIENCE_SECONDS): Promise<string> {
    return (await this.#order({ expect: regex.source, seconds })).text ?? ''
  }

  async send(text: string): Promise<void> {
    await this.#order({ send: text })
  }

  /**
   * Presses a key until what it does is seen. bash shows a job that it takes to the foreground before it gives it
   * the terminal, and itself takes no notice of a key that comes between.
   */
  async press(key: string, regex: RegExp): Promise<void> {
    for (let left = PATIENCE_SECONDS; left > 0; left -= PRESS_AGAIN_SECONDS) {
      await this.send(key)
      const { failed, text } = await this.#ask({ expect: regex.source, seconds: PRESS_AGAIN_SECONDS })
      if (!failed) return
      if (left <= PRESS_AGAIN_SECONDS) throw new Error(`${failed}; the terminal shows:\n${text}`)
    }
  }

  async resize(rows: number, columns: number): Promise<void> {
    await this.#order({ resize: [rows, columns] })
  }

  /** What stty would show. */
  async modes(): Promise<unknown[]> {
    return (await this.#order({ modes: true })).modes ?? []
  }

  /** Closes the terminal under the program, as closing its window does. */
  async hangUp(): Promise<void> {
    await this.#order({ hangUp: true })
  }

  /** Waits until the program has ended. */
  async end(seconds = PATIENCE_SECONDS): Promise<Ended> {
    const { exitCode = null, signal = null, text = '' } = await this.#order({ end: true, seconds })
    return { exitCode, signal, text }
  }

  async #order(order: object): Promise<Answer> {
    const answer = await this.#ask(order)
    if (answer.failed) throw new Error(`${answer.failed}; the terminal shows:\n${answer.text}`)
    return answer
  }

  async #ask(order: object): Promise<Answer> {
    ;(this.#driver.stdin as FileSink).write(`${JSON.stringify(order)}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`the terminal's driver ended at ${JSON.stringify(order)}`)
    return JSON.parse(value) as Answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#driver.stdin.end()
    await this.#driver.exited
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of stream) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
