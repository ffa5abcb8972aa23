// A process that is the first of a pid namespace, as init is in a container: a shell that waits for a word.

import { readFileSync } from 'node:fs'
import type { Subprocess } from 'bun'

export interface FirstProcess {
  /** What started it, and ends with it: its streams, and how it exited. */
  readonly child: Subprocess<'pipe', 'pipe', 'inherit'>
  readonly pid: number
  go(): void
}

/** `script` is what it runs once it is told to go. */
export function startFirstProcess(script: string, cwd?: string): FirstProcess {
  const command = ['unshare', '--pid', '--fork', '--kill-child', 'sh', '-c', `read go; ${script}`]
  const child = Bun.spawn(command, { ...(cwd ? { cwd } : {}), stdio: ['pipe', 'pipe', 'inherit'] })
  return {
    child,
    pid: onlyChildOf(child.pid),
    go: () => {
      child.stdin.write('go\n')
      child.stdin.flush()
    },
  }
}

function onlyChildOf(pid: number): number {
  for (;;) {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
    // Before it is the shell it is unshare's own.
    if (child && readFileSync(`/proc/${child}/comm`, 'utf8') === 'sh\n') return Number(child)
    Bun.sleepSync(1)
  }
}
