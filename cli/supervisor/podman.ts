// Podman as a child process: started in its own session (native/session.c) with the lifeline on descriptor 3.

import type { Subprocess } from 'bun'
import { AcgError } from '../errors.ts'
import { findProgram } from '../powers/host.ts'
import { runLabel } from '../sandbox/podman-line.ts'

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

/**
 * For Podman and what it starts, such as its OCI runtime: Go programs that live for a moment, and need not collect
 * garbage in it. Podman waits for the container as long as that lives, hence the limit.
 */
const GO_WITHOUT_COLLECTING = { GOGC: 'off', GOMEMLIMIT: '128MiB' } as const

export interface PodmanProcess {
  readonly child: Subprocess
  /** acg's end of the lifeline. */
  readonly lifelineFd: number
}

export function startPodman(session: string, podman: string, args: readonly string[]): PodmanProcess {
  const child = Bun.spawn([session, podman, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...GO_WITHOUT_COLLECTING, ...cleanEnvironment() },
  })
  return { child, lifelineFd: child.stdio[3] as unknown as number }
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
