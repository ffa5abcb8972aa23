// The built program, as tests run it: in a project of their own, with a record to read, and with nothing left
// behind afterwards.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { openRecord, readEvents, readSamples } from '../cli/record/reader.ts'
import type { RecordEvent, Result, Run, Sample } from '../cli/record/schema.ts'
import { removeTree } from '../cli/sandbox/removal.ts'

/** The program under test: the one that was just built, unless another is named. */
export const ACG = process.env.ACG_PROGRAM ?? join(import.meta.dir, '..', 'dist', 'acg')

/** How runs are watched and controlled, where a test does not say it: acg's own choice, unless a variable does. */
const WATCH = process.env.ACG_WATCH ? ['--watch', process.env.ACG_WATCH] : []
const CONTROL = process.env.ACG_CONTROL ? ['--control', process.env.ACG_CONTROL] : []

export interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RecordedRun extends Finished {
  readonly folder: string
  readonly run: Run
  readonly result: Result
  readonly events: RecordEvent[]
  readonly samples: Sample[]
}

/** Runs a command to its end, with empty input. */
export async function finish(
  command: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = Bun.spawn([...command], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { exitCode: await child.exited, stdout, stderr }
}

/** A folder that is removed at the end of the scope. Not below /tmp, which the sandbox has its own of. */
export class Workplace {
  #folder: string | null = null
  #records = 0

  /** Made when it is first asked for: tests that are skipped ask for none. */
  get folder(): string {
    this.#folder ??= makeFolder()
    return this.#folder
  }

  get project(): string {
    return join(this.folder, 'project')
  }

  nextRecord(): string {
    return join(this.folder, `record-${++this.#records}`)
  }

  /** `acg run FLAGS -- COMMAND` in the project, and its record. */
  async run(
    flags: readonly string[],
    command: readonly string[],
    env: Record<string, string> = {},
  ): Promise<RecordedRun> {
    const folder = this.nextRecord()
    const done = await finish(
      [ACG, 'run', '--record', folder, ...WATCH, ...CONTROL, ...flags, '--', ...command],
      {
        cwd: this.project,
        env,
      },
    )
    if (!existsSync(join(folder, 'result.json'))) throw new Error(`acg run left no result:\n${done.stderr}`)
    return { ...done, folder, ...readRecord(folder) }
  }

  [Symbol.dispose](): void {
    if (this.#folder !== null) removeTree(this.#folder)
  }
}

function makeFolder(): string {
  mkdirSync(cacheFolder(), { recursive: true })
  return mkdtempSync(join(cacheFolder(), 'test-'))
}

/** Everything of a finished record. */
export function readRecord(folder: string): Pick<RecordedRun, 'run' | 'result' | 'events' | 'samples'> {
  const record = openRecord(folder)
  if (!record.result) throw new Error(`${folder} has no result.json`)
  return {
    run: record.run,
    result: record.result,
    events: readEvents(record),
    samples: readSamples(record).samples,
  }
}

export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'acg')
}

/** What a run must not leave: its container, its processes, its folders. Empty if all is well. */
export async function leftovers(): Promise<string[]> {
  const { stdout } = await finish([
    'podman',
    'ps',
    '--all',
    '--filter',
    'label=acg.run',
    '--format',
    '{{.Names}} {{.Status}}',
  ])
  const containers = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => `container ${line}`)
  const sandboxes = existsSync(sandboxesFolder())
    ? readdirSync(sandboxesFolder()).map((name) => `sandbox ${name}`)
    : []
  return [...containers, ...sandboxes, ...inits().map((pid) => `process ${pid} (init)`)]
}

function sandboxesFolder(): string {
  return join(cacheFolder(), 'sandboxes')
}

/** The pids of every acg init that lives. */
export function inits(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).startsWith('/.acg/init\0'))
}

/** The words of a process, each ended by a zero byte; empty if it is gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
