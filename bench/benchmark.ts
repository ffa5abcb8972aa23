// What a benchmark is, and where it runs.

import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { makeDemoProject } from '../cli/demo/project.ts'
import { Workplace } from '../test/acg.ts'
import type { Figure } from './pairs.ts'

export interface Setting {
  /** How many pairs of runs. */
  readonly pairs: number
  readonly where: string
  /** Whether a part of it is asked for. */
  readonly wants: (part: string) => boolean
  readonly progress: (done: number, of: number) => void
}

export interface Benchmark {
  readonly name: string
  readonly about: string
  run(setting: Setting): Promise<Figure[]>
}

/** The machine, as far as a figure's reader needs it. */
export function thisMachine(): string {
  const user = process.getuid?.() === 0 ? 'root' : 'rootless'
  const emulated = process.env.ACG_EMULATED ? ', emulated CPU' : ''
  const dynmods = favorsDynmods() ? ', favordynmods' : ''
  return `Linux ${release().split('-')[0]}, ${user}${emulated}${dynmods}`
}

/**
 * cgroup2's mount option by which moving a process costs no grace period of the kernel, and each fork a little more.
 * It is among the options of cgroup2 itself, the last field of its line.
 */
function favorsDynmods(): boolean {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  const line = mounts.find((line) => line.split(' ')[4] === '/sys/fs/cgroup')
  return line?.split(' ').at(-1)?.split(',').includes('favordynmods') ?? false
}

/** Calls back with a project's folder, which is gone afterwards. */
export async function inProject<Value>(use: (project: string) => Promise<Value>): Promise<Value> {
  using place = new Workplace()
  makeDemoProject(place.project)
  const before = process.cwd()
  process.chdir(place.project)
  try {
    return await use(place.project)
  } finally {
    process.chdir(before)
  }
}
