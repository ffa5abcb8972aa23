// Podman as a child process: started in a session of its own with the lifeline on descriptor 3.

import type { Subprocess } from 'bun'
import { AcgError } from '../errors.ts'
import { findProgram } from '../powers/host.ts'
import { runLabel } from '../sandbox/podman-line.ts'
import type { Keyboard } from './keyboard.ts'

/** Throws AcgError if Podman is not installed. */
export function findPodman(): string {
  const podman = findProgram('podman')
  if (podman) return podman
  throw new AcgError({
    what: 'cannot start a container: Podman is not installed',
    seen: 'no `podman` in PATH',
    hint: 'sudo apt-get install podman uidmap passt, or see `acg doctor`',
  })
}

/** The caller's environment less what would take over a program that Bun built. */
export function cleanEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && !pair[0].startsWith('BUN_'),
    ),
  )
}

export interface PodmanProcess {
  readonly child: Subprocess
  /** acg's end of the lifeline. */
  readonly lifelineFd: number
}

/** What execve(2) says of a file that is no program. */
const NOT_EXECUTABLE = ['ENOENT', 'EACCES', 'ENOEXEC']

/**
 * One ^C has to be one ^C. The terminal signals every process of the shell's job: acg, which passes it on to the agent,
 * and what acg is piped to. Podman would pass it on a second time; in a session of its own it gets no signal, and reads
 * and writes the terminal all the same. What it leaves with the session is job control, which keyboard.ts observes.
 *
 * Throws AcgError if Podman cannot be executed.
 */
export function startPodman(podman: string, args: readonly string[], stdin: Keyboard): PodmanProcess {
  try {
    const child = Bun.spawn([podman, ...args], {
      stdio: [stdin, 'inherit', 'inherit', 'pipe'],
      env: cleanEnvironment(),
      detached: true,
    })
    return { child, lifelineFd: child.stdio[3] as unknown as number }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!NOT_EXECUTABLE.includes(code)) throw error
    throw new AcgError({
      what: `cannot start a container: ${podman} cannot be executed`,
      seen: code,
      hint: 'try `podman version`, or see `acg doctor`',
    })
  }
}

/** Removal fails while Podman itself finds out that the container has ended. */
const REMOVAL_TRIES = 5
const REMOVAL_PAUSE_MS = 300

/**
 * Removes what is left of a run's container, whatever state it is in; returns Podman's complaint if it could not.
 * By its label, since a name that the user chose may be another container's.
 */
export async function removeContainer(podman: string, runId: string): Promise<string | null> {
  for (let tries = 1; ; tries++) {
    const filter = ['--filter', `label=${runLabel(runId)}`]
    const found = await ask(podman, ['ps', '--all', '--quiet', '--no-trunc', ...filter])
    const ids = found.stdout.split('\n').filter(Boolean)
    if (found.exitCode === 0 && ids.length === 0) return null
    const removed =
      found.exitCode === 0 ? await ask(podman, ['rm', '--force', '--ignore', '--time', '0', ...ids]) : found
    if (removed.exitCode === 0) return null
    if (tries === REMOVAL_TRIES) return removed.stderr.trim()
    await Bun.sleep(REMOVAL_PAUSE_MS)
  }
}

async function ask(podman: string, args: readonly string[]) {
  const child = Bun.spawn([podman, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: cleanEnvironment() })
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { exitCode: await child.exited, stdout, stderr }
}
