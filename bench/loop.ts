// A program that does nothing but start others, run by acg and watched or not. The loop is timed by itself, inside:
// what the container's start costs is another benchmark.

import { ACG } from '../test/acg.ts'
import type { Act } from './pairs.ts'

export const PROCESSES = 2000

const LOOP = `
import os, sys, time
for processes in [int(sys.argv[1]), ${PROCESSES}]:
    start = time.monotonic()
    for _ in range(processes):
        pid = os.posix_spawn("/usr/bin/true", ["true"], {})
        os.waitpid(pid, 0)
print(time.monotonic() - start)
`

/** Runs the loop in `project`; its own time is the act's, less what its first `untimed` processes take. */
export function loop(project: string, watch: 'bpf' | 'seccomp' | 'none', untimed = 0): Act {
  return async () => {
    const command = ['/usr/bin/python3', '-c', LOOP, String(untimed)]
    const child = Bun.spawn([ACG, 'run', '--quiet', '--watch', watch, '--', ...command], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const seconds = Number(await new Response(child.stdout).text())
    if ((await child.exited) !== 0) throw new Error(`the loop failed with --watch ${watch}`)
    return seconds * 1000
  }
}
