// What watching execs by seccomp notification costs a program that does nothing but start others.

import { type Benchmark, inProject } from './benchmark.ts'
import { loop, PROCESSES } from './loop.ts'
import { comparePairs } from './pairs.ts'

export const seccomp: Benchmark = {
  name: 'seccomp',
  about: `${PROCESSES} × fork and exec, watched against not`,
  async run({ pairs, where, progress }) {
    return inProject(async (project) => {
      const watched = loop(project, 'seccomp')
      const not = loop(project, 'none')
      const aa = { id: 'seccomp.control', what: 'not watched / itself (A/A)', where }
      return [
        await comparePairs(
          { id: 'seccomp', what: 'watched / not watched', where },
          watched,
          not,
          pairs,
          progress,
        ),
        await comparePairs(aa, not, not, pairs, progress),
      ]
    })
  },
}
