// What watching by BPF costs the same program, and how long the programs in the kernel run for each process.

import { readFileSync, writeFileSync } from 'node:fs'
import { bpftool } from '../test/bpf/machine.ts'
import { type Benchmark, inProject } from './benchmark.ts'
import { loop, PROCESSES } from './loop.ts'
import { type Act, comparePairs, type Figure } from './pairs.ts'

const STATS = '/proc/sys/kernel/bpf_stats_enabled'
const LOOK_EVERY_MS = 50

export const watch: Benchmark = {
  name: 'watch',
  about: `${PROCESSES} × fork and exec, watched by BPF against not`,
  async run({ pairs, where, wants, progress }) {
    return inProject(async (project) => {
      const watched = loop(project, 'bpf')
      const not = loop(project, 'none')
      const compare = (id: string, what: string, act: Act, control: Act) =>
        comparePairs({ id, what, where }, act, control, pairs, progress)
      const figures: Figure[] = []
      if (wants('cold'))
        figures.push(await compare('watch.cold', 'watched by BPF / not watched', watched, not))
      // The engine compiles acg's own JavaScript while it runs, and most of a loop is over by then.
      if (wants('settled'))
        figures.push(
          await compare(
            'watch.settled',
            `watched by BPF / not watched, after ${PROCESSES} others in the same run`,
            loop(project, 'bpf', PROCESSES),
            loop(project, 'none', PROCESSES),
          ),
        )
      if (wants('control'))
        figures.push(await compare('watch.control', 'not watched / itself (A/A)', not, not))
      if (wants('programs')) figures.push(await programTime(watched, where))
      return figures
    })
  },
}

/** The kernel's own count, which itself costs some: hence in a run that is not timed. */
async function programTime(watched: () => Promise<unknown>, where: string): Promise<Figure> {
  const before = readFileSync(STATS, 'utf8')
  const spentBeforeNs = runTimeNs()
  let spentNs = 0
  writeFileSync(STATS, '1')
  const look = setInterval(() => {
    spentNs = Math.max(spentNs, runTimeNs() - spentBeforeNs)
  }, LOOK_EVERY_MS)
  try {
    await watched()
  } finally {
    clearInterval(look)
    writeFileSync(STATS, before)
  }
  const value = spentNs / PROCESSES / 1000
  const what = 'time in the BPF programs for one fork, exec and exit (bpf_stats_enabled)'
  return {
    id: 'watch.programs',
    what,
    unit: 'µs',
    value,
    control: null,
    ratio: null,
    upper: null,
    n: PROCESSES,
    p50: value,
    p99: value,
    where,
  }
}

/** Of acg's programs that are in the kernel now, since they were loaded. */
function runTimeNs(): number {
  const programs = bpftool<{ name?: string; run_time_ns?: number }[]>('prog', 'show')
  const own = programs.filter(({ name }) => name?.startsWith('acg_'))
  return own.reduce((total, { run_time_ns = 0 }) => total + run_time_ns, 0)
}
