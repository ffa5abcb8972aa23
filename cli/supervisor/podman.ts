// Podman as a child process: started in its own process group with the lifeline on descriptor 3.

import type { Subprocess } from 'bun'
import { AcgError } from '../errors.ts'
import { findProgram } from '../powers/host.ts'

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

export function startPodman(foreground: string, podman: string, args: readonly string[]): PodmanProcess {
  const child = Bun.spawn([foreground, podman, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: cleanEnvironment(),
  })
  return { child, lifelineFd: child.stdio[3] as unknown as number }
}

/** Removal fails while Podman itself finds out that the container has ended. */
const REMOVAL_TRIES = 5
const REMOVAL_PAUSE_MS = 300

/** Removes what is left of a container, whatever state it is in; returns Podman's complaint if it could not. */
export async function removeContainer(podman: string, name: string): Promise<string | null> {
  for (let tries = 1; ; tries++) {
    const remove = Bun.spawn([podman, 'rm', '--force', '--ignore', '--time', '0', name], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: cleanEnvironment(),
    })
    const complaint = await new Response(remove.stderr).text()
    if ((await remove.exited) === 0) return null
    if (tries === REMOVAL_TRIES) return complaint.trim()
    await Bun.sleep(REMOVAL_PAUSE_MS)
  }
}
