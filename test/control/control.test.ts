// A cgroup for each tool call, on a kernel that has them: what is charged where, who is ended when memory runs out,
// and what the model reads of it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lacksForLeaves } from '../../cli/powers/leaves.ts'
import { processKey } from '../../cli/watch/process-event.ts'
import { ACG, finish, leftovers, type RecordedRun, readRecord, Workplace } from '../acg.ts'
import { prepareProject } from '../agents/run.ts'
import { until } from '../kernel/victim.ts'
import { ESCAPES, HIDING_PLACES } from './escapes.ts'
import { ALIVE, outcomeOf, runGreedyClaude } from './greedy-claude.ts'
import { leavesLeft } from './leaves.ts'

const REPETITIONS = Number(process.env.ACG_REPETITIONS ?? 5)
const MOST_MS = 600_000
const MB = 1 << 20

interface Done {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const lack = lacksForLeaves()
if (lack !== null) console.log(`skipped: --control needs cgroup v2 with memory, and here is ${lack}`)

describe.skipIf(lack !== null)('--control', () => {
  const place = new Workplace()

  beforeAll(async () => {
    mkdirSync(place.project, { recursive: true })
    await prepareProject(place.project)
    for (const name of ['agent.py', 'burst.py', 'interrupted.py', 'polling.py', 'where.py'])
      cpSync(join(import.meta.dir, name), join(place.project, name))
  })

  afterAll(async () => {
    place[Symbol.dispose]()
    expect(leavesLeft()).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  const run = async (flags: string[], ...commands: string[]) => {
    const done = await place.run(['--watch', 'seccomp', ...flags], ['python3', 'agent.py', ...commands])
    return {
      ...done,
      calls: done.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Done),
    }
  }
  const limits = ({ events }: Pick<RecordedRun, 'events'>) =>
    events.filter((event) => event.event === 'limit')

  for (const mode of ['observe', 'enforce'] as const)
    test(
      `${mode} gives each call a leaf from its first instruction, and its true peak`,
      async () => {
        const { exitCode, calls, result, samples } = await run(
          ['--control', mode],
          'cat /proc/self/cgroup',
          'python3 burst.py 200',
          'setsid bash -c "cat /proc/self/cgroup"',
        )
        expect(exitCode).toBe(0)
        expect(calls.map(({ stdout }) => stdout.trim())).toEqual([
          '0::/../acg/call-1',
          'held 200 MB',
          '0::/../acg/call-3',
        ])
        const burst = result.calls[1]
        expect(burst?.peak_source).toBe('cgroup2')
        expect(burst?.peak_bytes).toBeGreaterThan(200 * MB)
        expect(burst?.peak_bytes).toBeLessThan(230 * MB)
        expect(samples.length).toBeGreaterThan(2)
      },
      MOST_MS,
    )

  test(
    'a call that begins as the one before did, after a pause, is in its leaf and guarded; a shell of the agent’s own is not',
    async () => {
      const where = 'cat /proc/self/cgroup /proc/self/oom_score_adj'
      const { exitCode, calls, result } = await run(
        ['--control', 'enforce', '--memory', '300m'],
        ...['--pause', '0.5', where, where, 'python3 burst.py 600', where],
        // The shell's own words are no call's: it has been moved by then, with what was set for it.
        ...[
          '--piped',
          `sleep 0.5; for file in cgroup oom_score_adj; do mapfile x < /proc/self/$file; echo $x; done; ${where}`,
        ],
      )
      expect(exitCode).toBe(0)
      const [first, second, burst, fourth, shell] = calls.map(({ stdout }) => stdout)
      expect([first, second, fourth]).toEqual([1, 2, 4].map((call) => `0::/../acg/call-${call}\n500\n`))
      expect(burst).toBe('')
      expect(calls[2]?.stderr).toContain('acg: this command is about to be ended')
      const [ownLeaf, ownScore, ...job] = shell?.split('\n') ?? []
      expect(ownLeaf).toBe('0::/../acg/runtime')
      expect(Number(ownScore)).toBeLessThan(500)
      expect(job).toEqual(['0::/../acg/call-6', '500', ''])
      expect(result.calls).toHaveLength(6)
    },
    MOST_MS,
  )

  test(
    'what was let in as the next call and is none goes back to the agent, and is no more a victim than that',
    async () => {
      const flags = ['--watch', 'seccomp', '--control', 'enforce', '--memory', '300m']
      const { exitCode, stdout, result } = await place.run(flags, ['python3', 'polling.py'])
      expect(exitCode).toBe(0)
      expect(result.calls.map(({ command }) => command)).toEqual(['python3 -V'])
      const [leaf, score, ...own] = stdout.trim().split('\n')
      expect(own).toEqual([leaf, score] as string[])
      expect(leaf).toBe('0::/../acg/runtime')
      expect(Number(score)).toBeLessThan(500)
    },
    MOST_MS,
  )

  test(
    'enforce ends the call that runs out of the run’s memory, whole, and tells it why; the agent goes on',
    async () => {
      const { exitCode, calls, result, ...record } = await run(
        ['--control', 'enforce', '--memory', '300m'],
        'sleep 100 & python3 burst.py 600; echo not reached',
        'python3 burst.py 50',
      )
      expect(exitCode).toBe(0)
      expect(calls[0]).toMatchObject({ code: -9, stdout: '' })
      expect(calls[0]?.stderr).toContain('acg: this command is about to be ended')
      expect(calls[0]?.stderr).toContain('315 MB')
      expect(calls[1]).toEqual({ code: 0, stdout: 'held 50 MB\n', stderr: '' })
      expect(limits(record)).toMatchObject([
        { call: 1, action: 'killed', by: 'acg', limit_bytes: 300 * MB, told: true },
      ])
      expect(result.calls[0]?.background).toEqual([])
    },
    MOST_MS,
  )

  test(
    'enforce ends it within --stall and a second',
    async () => {
      const flags = ['--control', 'enforce', '--memory', '300m', '--stall', '2s']
      const done = await run(flags, 'python3 burst.py 600')
      expect(done.calls[0]?.code).toBe(-9)
      const [limit] = limits(done)
      expect(limit?.stalled_ms).toBeGreaterThanOrEqual(2000)
      expect(limit?.stalled_ms).toBeLessThanOrEqual(3000)
    },
    MOST_MS,
  )

  test(
    'enforce has bursts that do not fit together take turns, and ends none',
    async () => {
      const burst = 'python3 burst.py 180'
      const done = await run(['--control', 'enforce', '--memory', '300m'], '--together', burst, burst, burst)
      expect(done.exitCode).toBe(0)
      expect(done.calls).toEqual(
        Array(3).fill({ code: 0, stdout: 'held 180 MB\n', stderr: expect.any(String) }),
      )
      expect(limits(done).filter(({ action }) => action === 'killed')).toEqual([])
      expect(limits(done).map(({ action }) => action)).toContain('admitted')
    },
    MOST_MS,
  )

  test(
    'observe says what it would do, and does nothing',
    async () => {
      const burst = 'python3 burst.py 100; sleep 1'
      const done = await run(['--control', 'observe', '--memory', '300m'], '--together', burst, burst)
      expect(done.calls.map(({ code }) => code)).toEqual([0, 0])
      expect(limits(done)).not.toEqual([])
      for (const limit of limits(done)) expect(limit).toMatchObject({ by: 'acg', done: false, told: false })
    },
    MOST_MS,
  )

  test(
    'a wish that is none is ignored, with a note',
    async () => {
      const flags = ['--control', 'enforce', '--memory', '300m']
      const { result } = await run(flags, 'ACG_HINT="memory=2x" true', 'ACG_HINT="memory=100m" true')
      expect(result.notes.filter((note) => note.includes('ACG_HINT'))).toEqual([
        'call 1: ACG_HINT=memory=2x was ignored: it is not memory=NUMBER and k, m or g',
      ])
    },
    MOST_MS,
  )

  test(
    'nothing that a command does takes it out of its leaf',
    async () => {
      const done = await run(['--control', 'enforce', '--memory', '500m'], ...Object.values(ESCAPES))
      const where = done.calls.map(({ stdout }, at) => ({ call: at + 1, cgroup: stdout.trim() }))
      expect(where).toEqual(where.map(({ call }) => ({ call, cgroup: `0::/../acg/call-${call}` })))
    },
    MOST_MS,
  )

  test(
    'what a command holds outside of its processes is charged to it',
    async () => {
      const done = await run(['--control', 'enforce', '--memory', '500m'], ...Object.values(HIDING_PLACES))
      for (const { peak_bytes } of done.result.calls) expect(peak_bytes).toBeGreaterThan(32 * MB)
    },
    MOST_MS,
  )

  test(
    'an exec that is interrupted while it is held, and asked for again, is told once',
    async () => {
      const flags = ['--watch', 'seccomp', '--control', 'enforce', '--memory', '300m']
      const { exitCode, result, events } = await place.run(flags, ['python3', 'interrupted.py'])
      expect(exitCode).toBe(0)
      const roots = events.flatMap((event) => (event.event === 'call_start' ? [event.root] : []))
      const execs = events.filter((event) => event.event === 'exec').map(processKey)
      expect(roots).toHaveLength(30)
      for (const root of roots)
        expect(execs.filter((key) => root && key === processKey(root))).toHaveLength(1)
      for (const call of result.calls) expect(call.peak_source).toBe('cgroup2')
    },
    MOST_MS,
  )

  test(
    'a SIGKILL of the agent’s own is called nothing else',
    async () => {
      const done = await run(['--control', 'enforce', '--memory', '300m'], 'kill -9 $$')
      expect(done.calls[0]).toEqual({ code: -9, stdout: '', stderr: '' })
      expect(limits(done)).toEqual([])
    },
    MOST_MS,
  )

  test(
    'pause stops all of a run but its init, and resume lets it go on: the time between is no stall',
    async () => {
      const counts = 'for i in $(seq 30); do echo $i > counted; sleep 0.2; done'
      const counted = async () => Number((await readFile(join(place.project, 'counted'), 'utf8')) || 0)
      const state = join(place.folder, 'state')
      const acg = (...args: string[]) =>
        finish([ACG, ...args], { cwd: place.project, env: { XDG_STATE_HOME: state } })
      const flags = ['--watch', 'seccomp', '--control', 'enforce', '--memory', '300m', '--stall', '2s']
      const done = acg('run', ...flags, '--', 'python3', 'agent.py', counts)
      await until(60_000, 'it counts', async () => (await counted().catch(() => 0)) > 2)
      const id = (await acg('pause')).stdout.trim()
      const before = await counted()
      expect((await acg('runs')).stdout).toContain('paused')
      await Bun.sleep(4000)
      expect(await counted()).toBe(before)
      expect((await acg('resume', id)).stdout.trim()).toBe(id)
      expect((await done).exitCode).toBe(0)
      expect(await counted()).toBe(30)
      const { events } = readRecord(join(state, 'acg', 'runs', id))
      const phases = events.flatMap((event) => (event.event === 'run_phase' ? [event.phase] : []))
      expect(phases).toEqual(['go', 'paused', 'resumed', 'agent_exit'])
      expect(limits({ events })).toEqual([])
    },
    MOST_MS,
  )

  test('pause says what it cannot stop', async () => {
    const { exitCode, stderr } = await finish([ACG, 'pause'], { cwd: place.project })
    expect(exitCode).toBe(125)
    expect(stderr).toContain('acg: cannot tell which run to pause')
  })

  test(
    'leaves no leaf of a run whose acg was killed',
    async () => {
      const command = [
        ACG,
        'run',
        '--control',
        'enforce',
        '--record',
        place.nextRecord(),
        '--',
        'sleep',
        '1000',
      ]
      const acg = Bun.spawn(command, { cwd: place.project, stdio: ['ignore', 'ignore', 'ignore'] })
      await until(60_000, 'a leaf is there', () => leavesLeft().length > 0)
      acg.kill('SIGKILL')
      await acg.exited
      await until(60_000, 'no leaf is left', () => leavesLeft().length === 0)
      expect((await finish([ACG, 'run', '--', 'true'], { cwd: place.project })).exitCode).toBe(0)
    },
    MOST_MS,
  )

  test('is refused where nobody can hold an exec', async () => {
    const command = [ACG, 'run', '--control', 'enforce', '--watch', 'none', '--', 'true']
    const { exitCode, stderr } = await finish(command, { cwd: place.project })
    expect(exitCode).toBe(125)
    expect(stderr).toContain('leave --watch out, or use --control off')
  })

  test(
    `the real claude reads why its tool was ended, ${REPETITIONS} times of ${REPETITIONS}, makes its next call and ends well`,
    async () => {
      for (let time = 0; time < REPETITIONS; time++)
        expect(outcomeOf(await runGreedyClaude(place))).toEqual(ALIVE)
    },
    MOST_MS * 2,
  )
})
