// A run of many calls: what acg itself grows by, and which removed cgroups the kernel still keeps.

import { readdirSync, readFileSync } from 'node:fs'
import { median } from 'simple-statistics'
import type { Call } from '../../cli/record/schema.ts'
import { ACG, readRecord, type Workplace } from '../../test/acg.ts'
import type { Figure } from '../pairs.ts'
import { ENFORCED, expectCalls, type Part } from './part.ts'

/** By then what acg executes has been compiled, and its heap has found its size. */
const WARM_UP_CALLS = 1000
const CALLS = 3000
const LOOK_EVERY_MS = 500

interface Seen {
  readonly atMs: number
  /** Without the pages of its program, which the kernel can read again. */
  readonly anonymousMb: number
  readonly descriptors: number
}

export function many(place: Workplace): Part {
  return {
    id: 'many',
    what: `after ${WARM_UP_CALLS + CALLS} calls`,
    measure: async ({ id, what, where }) => {
      const dyingBefore = dying()
      const seen = await watchCalls(place)
      const tenth = Math.max(1, Math.floor(seen.length / 10))
      const figure = (name: string, saying: string, unit: string, value: number): Figure => ({
        ...{ id: `${id}.${name}`, what: saying, unit, value, where },
        ...{ control: null, ratio: null, upper: null, n: 1, p50: value, p99: value },
      })
      const compared = (name: string, saying: string, unit: string, of: (each: Seen) => number): Figure => {
        const [control, value] = [median(seen.slice(0, tenth).map(of)), median(seen.slice(-tenth).map(of))]
        const says = `${saying} ${what} / after the first ${WARM_UP_CALLS} of them`
        return { ...figure(name, says, unit, value), control, ratio: value / control }
      }
      return [
        compared('memory', 'acg’s own memory', 'MB', ({ anonymousMb }) => anonymousMb),
        compared('fds', 'acg’s open descriptors', '', ({ descriptors }) => descriptors),
        figure(
          'dying',
          `more removed cgroups that the kernel still keeps ${what}`,
          '',
          dying() - dyingBefore,
        ),
      ]
    },
  }
}

async function watchCalls(place: Workplace): Promise<Seen[]> {
  const record = place.nextRecord()
  const flags = ['--record', record, '--watch', 'seccomp', ...ENFORCED]
  const all = WARM_UP_CALLS + CALLS
  const command = ['python3', 'calls.py', String(all), '0', 'sh', '-c', 'true']
  const acg = Bun.spawn([ACG, 'run', ...flags, '--', ...command], {
    cwd: place.project,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const seen: Seen[] = []
  while (acg.exitCode === null) {
    await Bun.sleep(LOOK_EVERY_MS)
    const anonymous = /^RssAnon:\s+(\d+)/m.exec(textOf(`/proc/${acg.pid}/status`))?.[1]
    const atMs = Date.now()
    if (anonymous)
      seen.push({ atMs, anonymousMb: Number(anonymous) / 1024, descriptors: descriptorsOf(acg.pid) })
  }
  if ((await acg.exited) !== 0) throw new Error(`the run of ${all} calls exited with ${acg.exitCode}`)
  const { calls, started_epoch_ms } = readRecord(record).result
  expectCalls(calls.length, all)
  const warmMs = started_epoch_ms + (calls[WARM_UP_CALLS] as Call).start_ms
  return seen.filter(({ atMs }) => atMs >= warmMs)
}

function dying(): number {
  return Number(/^nr_dying_descendants (\d+)/m.exec(textOf('/sys/fs/cgroup/cgroup.stat'))?.[1])
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return Number.NaN
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
