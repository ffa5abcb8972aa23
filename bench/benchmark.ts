// What a benchmark is, and where it runs.

import { release } from 'node:os'
import { favorsMoves } from '../cli/cgroup/delegation.ts'
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
  const dynmods = favorsMoves() ? ', favordynmods' : ''
  return `Linux ${release().split('-')[0]}, ${user}${emulated}${dynmods}`
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
