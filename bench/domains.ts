// What a cgroup for each tool call costs, and what it is good for, each beside what one would do without acg. It takes
// cgroup v2 and a systemd that delegates to the user.

import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { ACG, finish, readRecord, Workplace } from '../test/acg.ts'
import { lacksForLeaves } from '../test/control/leaves.ts'
import type { Benchmark } from './benchmark.ts'
import { pooled } from './domains/pooled.ts'
import { type Act, comparePairs, type Figure } from './pairs.ts'

const CALLS = 30
/** A shell: programs run again and again at even intervals are taken for polling. */
const CALL = ['sh', '-c', 'true']
/** Between calls a model thinks, and the kernel forgets that a process was moved: a write after it is dearer. */
const PAUSE_MS = 200
const BURST_MB = 1000
const MANY_CALLS = 1000
/** How many bursts of how many MB, of which 1 GB holds one. */
const TURNS = [2, 4, 8]
const TURN_MB = 500

export const domains: Benchmark = {
  name: 'domains',
  about: 'a cgroup for each tool call',
  async run({ pairs, where, progress }) {
    const lack = lacksForLeaves()
    if (lack !== null) throw new Error(`domains needs cgroup v2 with memory, and here is ${lack}`)
    using place = new Workplace()
    mkdirSync(place.project, { recursive: true })
    const here = import.meta.dir
    for (const file of [
      'domains/calls.py',
      'domains/gathered.py',
      '../test/control/agent.py',
      '../test/control/burst.py',
    ])
      cpSync(join(here, file), join(place.project, file.split('/').at(-1) as string))
    const compare = (id: string, what: string, act: Act, control: Act) =>
      comparePairs({ id: `domains.${id}`, what, where }, act, control, pairs, progress)

    const calling = async (flags: string[]) => {
      const run = await place.run(
        ['--watch', 'seccomp', ...flags],
        ['python3', 'calls.py', String(CALLS), String(PAUSE_MS), ...CALL],
      )
      expectCalls(run.result.calls.length, CALLS)
      return median(JSON.parse(run.stdout) as number[])
    }
    const added = async () => (await calling(ENFORCED)) - (await calling([]))
    const bursts =
      (flags: string[], count: number, ...order: string[]) =>
      async () => {
        const run = await place.run(
          ['--watch', 'seccomp', ...flags],
          ['python3', 'agent.py', ...order, ...Array(count).fill(`python3 burst.py ${TURN_MB}`)],
        )
        const failed = run.result.calls.filter((call) => call.exit_code !== 0).length
        if (failed > 0 || run.exitCode !== 0)
          throw new Error(`${failed} of ${count} bursts failed: ${run.stdout}`)
        return run.result.duration_ms - run.result.phases.startup_ms
      }
    const burst =
      (...flags: string[]) =>
      async () => {
        const run = await place.run(
          ['--watch', 'seccomp', ...flags],
          ['python3', 'agent.py', `python3 burst.py ${BURST_MB}`],
        )
        const call = run.result.calls[0]
        if (call?.exit_code !== 0) throw new Error(`the burst exited with ${call?.exit_code}: ${run.stdout}`)
        return (call.end_ms ?? Number.NaN) - call.start_ms
      }
    const polled = (intervalMs: number) => () =>
      delegated('poll', String(intervalMs), 'python3', join(place.project, 'burst.py'), String(BURST_MB))

    const figures = [
      await compare('call', 'what a leaf adds to a call / a bare write of cgroup.procs', added, () =>
        delegated('write', String(CALLS), String(PAUSE_MS)),
      ),
      await compare(
        'wrapper',
        'bash makes a cgroup, enters it and runs true / a bare write of cgroup.procs',
        () => delegated('wrap', String(CALLS), String(PAUSE_MS)),
        () => delegated('write', String(CALLS), String(PAUSE_MS)),
      ),
      await compare(
        'burst',
        `a burst of ${BURST_MB} MB, enforced with room / without control`,
        burst(...ENFORCED),
        burst(),
      ),
    ]
    for (const intervalMs of [10, 100]) {
      const what = `the same burst, its limit raised by a loop every ${intervalMs} ms / without a limit`
      figures.push(await compare(`poll-${intervalMs}`, what, polled(intervalMs), polled(0)))
    }
    for (const count of TURNS) {
      const what = `${count} bursts of ${TURN_MB} MB at once in 1 GB, none killed / one after the other without control`
      const inTurn = bursts(['--control', 'enforce', '--memory', '1g'], count, '--together')
      figures.push(await compare(`turns-${count}`, what, inTurn, bursts([], count)))
    }
    for (const count of TURNS) {
      const what = `${count} runs with a burst of ${TURN_MB} MB each, at once in a pool of 1 GB, none killed / one after the other without control`
      figures.push(await compare(`runs-${count}`, what, pooled(place, count, TURN_MB), bursts([], count)))
    }
    figures.push(...(await many(place, where)))
    return figures
  },
}

const ENFORCED = ['--control', 'enforce', '--memory', '2g']

/** In a scope of its own. The median, in ms. */
async function delegated(...args: string[]): Promise<number> {
  const scope = ['systemd-run', '--user', '--scope', '--quiet', '--property=Delegate=yes']
  const { exitCode, stdout, stderr } = await finish([
    ...scope,
    'python3',
    join(import.meta.dir, 'domains', 'delegated.py'),
    ...args,
  ])
  if (exitCode !== 0) throw new Error(`delegated.py ${args.join(' ')} exited with ${exitCode}\n${stderr}`)
  return median(JSON.parse(stdout) as number[])
}

/** A run of many calls: what acg itself grows by, and which removed cgroups the kernel still keeps. */
async function many(place: Workplace, where: string): Promise<Figure[]> {
  const dyingBefore = dying()
  const command = ['python3', 'calls.py', String(MANY_CALLS), '0', ...CALL]
  const record = place.nextRecord()
  const acg = Bun.spawn(
    [ACG, 'run', '--record', record, '--watch', 'seccomp', ...ENFORCED, '--', ...command],
    {
      cwd: place.project,
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  )
  const seen: { residentMb: number; descriptors: number }[] = []
  while (acg.exitCode === null) {
    await Bun.sleep(500)
    const resident = /^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${acg.pid}/status`))?.[1]
    if (resident) seen.push({ residentMb: Number(resident) / 1024, descriptors: descriptorsOf(acg.pid) })
  }
  if ((await acg.exited) !== 0) throw new Error(`the run of ${MANY_CALLS} calls exited with ${acg.exitCode}`)
  expectCalls(readRecord(record).result.calls.length, MANY_CALLS)
  const tenth = Math.max(1, Math.floor(seen.length / 10))
  const early = seen.slice(tenth, 2 * tenth)
  const late = seen.slice(-tenth)
  const grown = (of: (each: (typeof seen)[number]) => number) => median(late.map(of)) - median(early.map(of))
  const figure = (id: string, what: string, unit: string, value: number): Figure => ({
    ...{ id: `domains.many.${id}`, what, unit, value, where },
    ...{ control: null, ratio: null, upper: null, n: 1, p50: value, p99: value },
  })
  const over = `over a run of ${MANY_CALLS} calls`
  return [
    figure(
      'memory',
      `acg’s own resident memory grew ${over} by`,
      'MB',
      grown(({ residentMb }) => residentMb),
    ),
    figure(
      'fds',
      `acg’s open descriptors grew ${over} by`,
      '',
      grown(({ descriptors }) => descriptors),
    ),
    figure(
      'dying',
      `removed cgroups that the kernel still keeps, more after ${MANY_CALLS} calls`,
      '',
      dying() - dyingBefore,
    ),
  ]
}

function expectCalls(seen: number, wanted: number): void {
  if (seen !== wanted) throw new Error(`${seen} calls were seen of ${wanted}: it would measure no leaves`)
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
