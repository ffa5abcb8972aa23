// Runs of one user that share a pool, each in its own container, on a kernel that has leaves: their bursts take turns, and
// none has to know of the others.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lacksForLeaves } from '../../cli/powers/leaves.ts'
import { ACG, finish, leftovers, type RecordedRun, Workplace } from '../acg.ts'
import { until } from '../kernel/victim.ts'
import { leavesLeft } from './leaves.ts'

const MOST_MS = 600_000
const MB = 1 << 20
const RUNS = 3
/** Of the pool, agents and margin leave room for one at a time. */
const BURST_MB = 130
const POOL = '300m'
/** Runs do not begin at once: so many that they meet. */
const BURSTS: readonly string[] = Array(4).fill(`python3 burst.py ${BURST_MB}`)

describe.skipIf(lacksForLeaves() !== null)('[pool]', () => {
  const place = new Workplace()
  const config = () => join(place.folder, 'config')

  beforeAll(() => {
    mkdirSync(place.project, { recursive: true })
    mkdirSync(join(config(), 'acg'), { recursive: true })
    writeFileSync(join(config(), 'acg', 'config.toml'), `[pool]\nmemory = "${POOL}"\n`)
    for (const name of ['agent.py', 'burst.py'])
      cpSync(join(import.meta.dir, name), join(place.project, name))
  })

  afterAll(async () => {
    place[Symbol.dispose]()
    expect(leavesLeft()).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  const FLAGS = ['--watch', 'seccomp', '--control', 'enforce']
  const agent = (commands: readonly string[]) => ['python3', 'agent.py', ...commands]
  const run = (commands: readonly string[], flags: readonly string[] = []) =>
    place.run([...FLAGS, ...flags], agent(commands), { XDG_CONFIG_HOME: config() })
  const limits = (done: readonly Pick<RecordedRun, 'events'>[]) =>
    done.flatMap(({ events }) => events.filter((event) => event.event === 'limit'))
  const codes = ({ result }: Pick<RecordedRun, 'result'>) => result.calls.map(({ exit_code }) => exit_code)

  test(
    'has the bursts of several runs, which do not fit together, take turns, and ends none',
    async () => {
      const done = await Promise.all(Array.from({ length: RUNS }, () => run(BURSTS)))
      for (const each of done) expect(codes(each)).toEqual(BURSTS.map(() => 0))
      expect(limits(done).filter(({ action }) => action === 'killed')).toEqual([])
      expect(limits(done).map(({ action }) => action)).toContain('admitted')
      for (const each of done) expect(each.run.pool).toEqual({ memory_bytes: 300 * MB, priority: 'normal' })
    },
    MOST_MS,
  )

  test(
    'goes on when the run that leads is killed: the next one does',
    async () => {
      const record = place.nextRecord()
      const command = [ACG, 'run', '--record', record, ...FLAGS, '--', ...agent(['sleep 1000'])]
      const leads = Bun.spawn(command, {
        cwd: place.project,
        env: { ...process.env, XDG_CONFIG_HOME: config() },
        stdio: ['ignore', 'ignore', 'ignore'],
      })
      await until(60_000, 'it has a leaf', () => leavesLeft().length > 0)
      const others = [run(BURSTS), run(BURSTS)]
      await until(
        60_000,
        'all have one',
        () => leavesLeft().filter((leaf) => leaf.endsWith('/acg')).length > 2,
      )
      leads.kill('SIGKILL')
      for (const done of await Promise.all(others)) expect(codes(done)).toEqual(BURSTS.map(() => 0))
    },
    MOST_MS,
  )

  test(
    'tells the call that nothing helps that other runs hold the rest',
    async () => {
      const holds = 'python3 -c "import time; held = b\'x\' * 150_000_000; time.sleep(1000)"'
      const command = [
        ACG,
        'run',
        '--record',
        place.nextRecord(),
        ...FLAGS,
        '--',
        ...agent([`${holds} >/dev/null 2>&1 & sleep 5`, 'sleep 1000']),
      ]
      const other = Bun.spawn(command, {
        cwd: place.project,
        env: { ...process.env, XDG_CONFIG_HOME: config() },
        stdio: ['ignore', 'ignore', 'ignore'],
      })
      try {
        await until(60_000, 'it is in the background', () =>
          leavesLeft().some((leaf) => leaf.endsWith('call-2')),
        )
        const done = await run(['python3 burst.py 200'], ['--stall', '2s'])
        const killed = limits([done]).filter(({ action }) => action === 'killed')
        expect(killed).toMatchObject([{ by: 'acg', told: true }])
        expect(killed[0]?.elsewhere_bytes).toBeGreaterThan(100 * MB)
        expect((JSON.parse(done.stdout) as { stderr: string }).stderr).toContain(
          'are held for the user’s other runs',
        )
      } finally {
        other.kill('SIGTERM')
        await other.exited
      }
    },
    MOST_MS,
  )

  test('says what is wrong with config.toml, and runs nothing', async () => {
    const wrong = join(place.folder, 'wrong')
    mkdirSync(join(wrong, 'acg'), { recursive: true })
    writeFileSync(join(wrong, 'acg', 'config.toml'), '[pool]\nmemory = 8\n')
    const { exitCode, stderr } = await finish([ACG, 'run', '--', 'true'], {
      cwd: place.project,
      env: { XDG_CONFIG_HOME: wrong },
    })
    expect(exitCode).toBe(125)
    expect(stderr).toContain('pool.memory = 8')
    expect(stderr).toContain('memory = "8g"')
  })
})
