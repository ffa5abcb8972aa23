// What watching execs by seccomp notification costs a program that does nothing but start others.

import { ACG } from '../test/acg.ts'
import { type Benchmark, inProject } from './benchmark.ts'
import { comparePairs, type Figure } from './pairs.ts'

const PROCESSES = 2000

/** The loop is timed by itself, inside: what the container's start costs is another benchmark. */
const LOOP = `
import os, subprocess, time
start = time.monotonic()
for _ in range(${PROCESSES}):
    pid = os.posix_spawn("/usr/bin/true", ["true"], {})
    os.waitpid(pid, 0)
print(time.monotonic() - start)
`

export const seccomp: Benchmark = {
  name: 'seccomp',
  about: `${PROCESSES} × fork and exec, watched against not`,
  async run({ pairs, where, progress }) {
    return inProject(async (project) => {
      const loop = (watch: string) => async () => {
        const child = Bun.spawn(
          [ACG, 'run', '--quiet', '--watch', watch, '--', '/usr/bin/python3', '-c', LOOP],
          {
            cwd: project,
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        )
        const seconds = Number(await new Response(child.stdout).text())
        if ((await child.exited) !== 0) throw new Error(`the loop failed with --watch ${watch}`)
        return seconds * 1000
      }
      const about = (id: string, what: string): Pick<Figure, 'id' | 'what' | 'where'> => ({ id, what, where })
      return [
        await comparePairs(
          about('seccomp', 'watched / not watched'),
          loop('seccomp'),
          loop('none'),
          pairs,
          progress,
        ),
        await comparePairs(
          about('seccomp.control', 'not watched / itself (A/A)'),
          loop('none'),
          loop('none'),
          pairs,
          progress,
        ),
      ]
    })
  },
}
