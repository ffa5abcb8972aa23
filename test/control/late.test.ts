// A cgroup for each tool call where BPF watches, and no exec can be held: what came too late for its leaf follows.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lacksForLeaves } from '../../cli/powers/leaves.ts'
import { ACG, leftovers, readRecord, Workplace } from '../acg.ts'
import { Served, skipReason } from '../daemon/served.ts'
import { until } from '../kernel/victim.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { leavesLeft } from './leaves.ts'

const MOST_MS = 600_000
const STARTS_WITHIN_MS = 60_000
const MB = 1 << 20

describe.skipIf(lacksForLeaves() !== null || skipReason() !== null)('--control with --watch bpf', () => {
  const place = new Workplace()
  const served = new Served(temporaryFolder())

  beforeAll(async () => {
    mkdirSync(place.project, { recursive: true })
    for (const name of ['agent.py', 'burst.py', 'outside.sh'])
      cpSync(join(import.meta.dir, name), join(place.project, name))
    await served.start()
  }, MOST_MS)

  afterAll(async () => {
    await served.remove()
    place[Symbol.dispose]()
    expect(leavesLeft()).toEqual([])
    expect(await leftovers()).toEqual([])
  }, MOST_MS)

  const run = async (flags: readonly string[], ...commands: string[]) => {
    const done = await place.run(
      ['--watch', 'bpf', '--control', 'enforce', ...flags],
      ['python3', 'agent.py', ...commands],
      { ACG_DAEMON_SOCKET: served.socket },
    )
    const lines = done.stdout.trim().split('\n')
    return { ...done, calls: lines.map((line) => JSON.parse(line) as { code: number; stdout: string }) }
  }

  test(
    'a call comes into its leaf, with all that it had forked by then',
    async () => {
      const early =
        '(sleep 2; echo $(cat /proc/self/cgroup)) & (sleep 2; (sleep 1; echo $(cat /proc/self/cgroup)) & wait) & wait'
      const { exitCode, calls, result } = await run([], early, '. ./outside.sh')
      expect(exitCode).toBe(0)
      expect(result.watch).toEqual({ power: 'bpf', complete: true })
      expect(calls[0]?.stdout).toBe('0::/../acg/call-1\n'.repeat(2))
      expect(calls[1]?.stdout).toMatch(/^\d+\.\d+ \d+\n$/)
      console.log(`held before it was in its leaf: ${calls[1]?.stdout.split(' ')[1]?.trim()} kB`)
    },
    MOST_MS,
  )

  test(
    'a call that comes into its leaf late has in its peak what it held before, which is charged to the agent',
    async () => {
      const record = place.nextRecord()
      const here = (name: string) => join(place.project, name)
      const waits = 'touch begun; until [ -e go ]; do sleep 0.1; done'
      const isIn = `'/acg/call-' in open('/proc/self/cgroup').read()`
      const holds = `held = b'x' * (150 << 20); open('held', 'w')\nwhile not (${isIn}): time.sleep(0.05)`
      const flags = ['--quiet', '--record', record, '--watch', 'bpf', '--control', 'observe']
      const commands = [waits, `python3 -c "import time; ${holds}"`]
      const acg = Bun.spawn([ACG, 'run', ...flags, '--', 'python3', 'agent.py', ...commands], {
        cwd: place.project,
        env: { ...process.env, ACG_DAEMON_SOCKET: served.socket },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      try {
        await until(STARTS_WITHIN_MS, 'the first call runs', () => existsSync(here('begun')))
        // Where acg may speak to a call it holds its standard error, which the agent reads to the end: hence no `enforce`.
        acg.kill('SIGSTOP')
        writeFileSync(here('go'), '')
        await until(STARTS_WITHIN_MS, 'the second call holds its memory', () => existsSync(here('held')))
      } catch (error) {
        acg.kill('SIGTERM')
        throw error
      } finally {
        acg.kill('SIGCONT')
        await acg.exited
      }
      expect(acg.exitCode).toBe(0)
      const call = readRecord(record).result.calls[1]
      expect(call?.peak_source).toBe('cgroup2')
      expect(call?.peak_bytes).toBeGreaterThan(150 * MB)
      expect(call?.peak_bytes).toBeLessThan(180 * MB)
    },
    MOST_MS,
  )

  test(
    'a call that runs out of the run’s memory is ended, and told why; the agent goes on',
    async () => {
      const done = await run(['--memory', '300m'], 'python3 burst.py 600', 'python3 burst.py 50')
      expect(done.calls.map(({ code }) => code)).toEqual([-9, 0])
      expect(done.calls[0]).toMatchObject({
        stderr: expect.stringContaining('acg: this command is about to be ended'),
      })
      expect(done.result.calls[1]?.peak_source).toBe('cgroup2')
      expect(done.result.calls[1]?.peak_bytes).toBeGreaterThan(50 * MB)
    },
    MOST_MS,
  )

  test(
    'a wish in the environment counts, and what has ended by then is no error',
    async () => {
      const { exitCode, result } = await run(
        ['--memory', '300m'],
        ...Array(20).fill('true'),
        'ACG_HINT=memory=2x sleep 1',
      )
      expect(exitCode).toBe(0)
      expect(result.calls).toHaveLength(21)
      expect(result.notes.join()).toContain('call 21: ACG_HINT=memory=2x was ignored')
    },
    MOST_MS,
  )
})
