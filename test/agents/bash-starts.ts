// What one start of bash costs while an agent runs: the yardstick for times on a machine that is slow, and slower
// still while an agent keeps it busy. A shell times its own children, so that how busy this process is does not enter.

import { join } from 'node:path'

export class BashStarts {
  readonly #shell = Bun.spawn([join(import.meta.dir, 'bash-starts.sh')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  readonly #printed = new Response(this.#shell.stdout).text()

  /** Ends the measuring; every start's time in ms. */
  async stop(): Promise<number[]> {
    this.#shell.kill('SIGKILL')
    const lines = (await this.#printed).trim().split('\n')
    return lines.map((line) => Number(line) / 1000)
  }

  [Symbol.dispose](): void {
    this.#shell.kill('SIGKILL')
  }
}
