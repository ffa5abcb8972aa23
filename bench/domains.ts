// What a cgroup for each tool call costs, and what it is good for, each beside what one would do without acg. It takes
// cgroup v2 and a systemd that delegates to the user.

import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { lacksForLeaves } from '../cli/powers/leaves.ts'
import { Workplace } from '../test/acg.ts'
import type { Benchmark } from './benchmark.ts'
import { alive } from './domains/alive.ts'
import { bursts } from './domains/bursts.ts'
import { calls } from './domains/calls.ts'
import { late } from './domains/late.ts'
import { many } from './domains/many.ts'
import type { Part } from './domains/part.ts'
import { turns } from './domains/turns.ts'
import { comparePairs, type Figure } from './pairs.ts'

const PROGRAMS = [
  'domains/bystander.py',
  'domains/calls.py',
  'domains/gathered.py',
  '../test/control/agent.py',
  '../test/control/burst.py',
  '../test/control/outside.sh',
]

export const domains: Benchmark = {
  name: 'domains',
  about: 'a cgroup for each tool call',
  async run({ pairs, where, wants, progress }) {
    const lack = lacksForLeaves()
    if (lack !== null) throw new Error(`domains needs cgroup v2 with memory, and here is ${lack}`)
    using place = new Workplace()
    mkdirSync(place.project, { recursive: true })
    for (const file of PROGRAMS)
      cpSync(join(import.meta.dir, file), join(place.project, file.split('/').at(-1) as string))

    const figures: Figure[] = []
    for (const part of [
      ...calls(place),
      late(place),
      ...bursts(place),
      ...turns(place),
      many(place),
      alive(place),
    ] satisfies Part[]) {
      if (!wants(part.id)) continue
      const about = { id: `domains.${part.id}`, what: part.what, where }
      if ('measure' in part) figures.push(...(await part.measure(about)))
      else figures.push(await comparePairs(about, part.act, part.control, pairs, progress))
    }
    return figures
  },
}
