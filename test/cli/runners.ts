// The two ways to run an agent that are compared: `acg run`, and the same Podman line without anything of acg's.
//
// Both are scripts that a shell can call, so that a test is one text for either: `$RUNNER COMMAND [ARG]...`.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { parse, quote } from 'shell-quote'
import { ACG, finish, leftovers, Workplace } from '../acg.ts'
import { until } from '../kernel/victim.ts'

/** Long enough for a slow machine. What takes longer hangs; nothing is proven by being faster. */
export const PATIENCE_MS = 120_000

export const RUNNERS = ['acg', 'podman'] as const
export type RunnerName = (typeof RUNNERS)[number]

/** A workplace with a project and both runners, on the same flags. */
export class Bench extends Workplace {
  private constructor() {
    super()
    mkdirSync(this.project, { recursive: true })
  }

  static async make(flagsFor: (bench: Bench) => readonly string[] = () => []): Promise<Bench> {
    const bench = new Bench()
    const flags = flagsFor(bench)
    bench.#script('acg', `exec ${quote([ACG, 'run', '--quiet', ...flags, '--'])} "$@"`)
    bench.#script(
      'podman',
      `terminal=
if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then terminal=--tty; fi
${await bench.#podmanLine(flags)} "$@"`,
    )
    return bench
  }

  runner(name: RunnerName): string {
    return join(this.folder, name)
  }

  /** The pid of acg or Podman in the latest run of a runner; what stood there before has to be removed. */
  async pid(name: RunnerName): Promise<number> {
    return Number(await this.line(`${this.runner(name)}.pid`, /^\d+\n/))
  }

  /** Waits until a file has text that matches, and returns what matched. */
  async line(file: string, regex: RegExp): Promise<string> {
    let found: string | undefined
    await until(PATIENCE_MS, `${file} has ${regex}`, () => {
      found = regex.exec(textOf(file))?.[0]
      return found !== undefined
    })
    return found as string
  }

  /** A file in the project. */
  file(name: string, text: string, mode = 0o644): string {
    const path = join(this.project, name)
    writeFileSync(path, text)
    chmodSync(path, mode)
    return path
  }

  #script(name: RunnerName, text: string): void {
    const path = this.runner(name)
    writeFileSync(path, `#!/bin/sh\necho $$ >"$0.pid"\n${text}\n`)
    chmodSync(path, 0o755)
  }

  /** What --dry-run prints, less acg's supervision: names, the lifeline, init, the listener. */
  async #podmanLine(flags: readonly string[]): Promise<string> {
    const words = await dryRun(this.project, flags, ['true'])
    // The runtime would make the place of the project as a subordinate uid, that cannot be removed.
    const home = join(this.folder, 'home')
    const inHome = relative(homedir(), this.project)
    mkdirSync(inHome.startsWith('..') ? home : join(home, inHome), { recursive: true })
    const kept: string[] = []
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as string
      const value = words[at + 1] ?? ''
      const isOwn =
        ['--name', '--label', '--pidfile', '--conmon-pidfile', '--preserve-fds'].includes(word) ||
        (word === '--security-opt' && value.startsWith('seccomp=')) ||
        (word === '--mount' && value.includes('dst=/.acg/init,'))
      if (isOwn) at++
      else if (word === '--mount' && value.includes(`dst=${homedir()},`))
        kept.push(word, value.replace(/src=[^,]*/, `src=${home}`)) && at++
      else kept.push(word)
    }
    const run = kept.indexOf('run') + 1
    const init = kept.indexOf('/.acg/init')
    const label = ['--label', `acg.test=${this.folder}`]
    return `exec ${quote(kept.slice(0, run))} $terminal ${quote([...label, ...kept.slice(run, init)])}`
  }

  /** What runs of acg left; those of Podman alone, which a failed test may leave, are removed. */
  async end(): Promise<string[]> {
    const filter = ['--filter', `label=acg.test=${this.folder}`]
    const { stdout } = await finish(['podman', 'ps', '--all', '--quiet', ...filter])
    for (const id of stdout.split('\n').filter(Boolean))
      await finish(['podman', 'rm', '--force', '--time', '0', id])
    this[Symbol.dispose]()
    // What somebody else's run needs meanwhile goes by itself; what was left behind does not.
    for (const since = Date.now(); ; await Bun.sleep(100)) {
      const left = await leftovers()
      if (left.length === 0 || Date.now() - since > PATIENCE_MS) return left
    }
  }
}

/** The words of the line that `acg run --dry-run` prints. */
export async function dryRun(
  cwd: string,
  flags: readonly string[],
  command: readonly string[],
): Promise<string[]> {
  const { exitCode, stdout, stderr } = await finish([ACG, 'run', '--dry-run', ...flags, '--', ...command], {
    cwd,
  })
  if (exitCode !== 0) throw new Error(`acg run --dry-run exited with ${exitCode}\n${stderr}`)
  return parse(stdout.trimEnd()).map((word) => {
    if (typeof word !== 'string') throw new Error(`no plain word in ${stdout}: ${JSON.stringify(word)}`)
    return word
  })
}

export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
