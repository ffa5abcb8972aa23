// acg's daemon, as it is installed: what a run gets of it, what another user does not, and what is left of it.
//
// ACG_KILLS says how often it is killed, ACG_MESSAGES how many generated messages it gets.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, closeSync, mkdirSync } from 'node:fs'
import { release } from 'node:os'
import { OUTCOMES } from '../../cli/daemon/protocol.ts'
import { MOST_PER_USER } from '../../cli/daemon/quotas.ts'
import { processKey } from '../../cli/watch/process-event.ts'
import { connectUnix } from '../../ffi/mod.ts'
import { ACG, finish, readRecord, Workplace } from '../acg.ts'
import { CLEAR_WITHIN_MS, inKernel, leftInKernel } from '../bpf/machine.ts'
import { until } from '../kernel/victim.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { Served, skipReason } from './served.ts'
import { askAsNobody, startOwnOfNobody, stormAsNobody } from './stranger.ts'

const KILLS = Number(process.env.ACG_KILLS ?? 5)
const MESSAGES = Number(process.env.ACG_MESSAGES ?? (process.env.ACG_IN_MACHINE ? 1000 : 20_000))
const MOST_MS = 600_000
const MADE_WITHIN_MS = 10_000
/** What an allocator may keep for itself. */
const MEMORY_SLACK_BYTES = 16 << 20
const SEED = 1
/** The ring, the counter of losses, and the link of each program, which is there four times from Linux 7 on. */
const DESCRIPTORS = 2 + 3 * (Number.parseInt(release(), 10) >= 7 ? 4 : 1)

/** For everyone: strangers connect too. */
const folder = temporaryFolder()
chmodSync(folder, 0o755)

describe.skipIf(skipReason() !== null)('the daemon', () => {
  const place = new Workplace()
  const served = new Served(folder)
  let before: string[]

  beforeAll(async () => {
    mkdirSync(place.project, { recursive: true })
    before = inKernel()
    await served.start()
  }, CLEAR_WITHIN_MS)

  afterAll(async () => {
    await served.remove()
    place[Symbol.dispose]()
    expect(await leftInKernel(before)).toEqual([])
  }, CLEAR_WITHIN_MS)

  const env = { ACG_DAEMON_SOCKET: served.socket }
  const run = (script: string, flags: string[] = []) =>
    place.run(['--watch', 'bpf', ...flags], ['bash', '-c', script], env)

  test(
    'has a run see what it executes, and nothing of that is in the kernel afterwards',
    async () => {
      const { exitCode, result } = await run('ls; (sleep 0.1; exit 3); true')
      expect(exitCode).toBe(0)
      expect(result.watch).toEqual({ power: 'bpf', complete: true })
      expect(result.calls.map(({ command }) => command)).toContain('ls')
      expect(await leftInKernel(before)).toEqual([])
    },
    MOST_MS,
  )

  test(
    'has the next run find the programs loaded, and a ring: each would wait for both before its container is started',
    async () => {
      const programs = () => inKernel().filter((each) => each.startsWith('prog'))
      const rings = () => inKernel().filter((each) => each.endsWith(' acg_ring') && !before.includes(each))
      const running = run('touch begun; until [ -e go ]; do sleep 0.1; done; rm go begun')
      await untilThere(`${place.project}/begun`)
      const used = programs()
      expect(used).not.toEqual([])
      await until(MADE_WITHIN_MS, 'there are its ring and the next run’s', () => rings().length === 2)
      await Bun.write(`${place.project}/go`, '')
      await running
      expect((await run('true')).result.watch.power).toBe('bpf')
      // By their numbers: they are the same.
      expect(programs()).toEqual(used)
    },
    MOST_MS,
  )

  // The kernel skips a program while another task is preempted in it: calls would have no end, or leftovers that
  // are none.
  test(
    'has a run miss nothing while more wants to run than there are CPUs',
    async () => {
      const pipelines =
        'for n in {1..30}; do bash -c "ls | sort | head -2" & bash -c "ls | sort | head -2"; done'
      const busy = 'for n in 1 2 3 4; do timeout 60 bash -c "while :; do :; done" & done'
      const { result, events } = await run(`${busy}; busy=$(jobs -p); ${pipelines}; kill $busy; wait`)
      expect(result.watch).toEqual({ power: 'bpf', complete: true })
      const forked = events.filter((event) => event.event === 'fork').map(processKey)
      const exited = events.filter((event) => event.event === 'exit').map(processKey)
      expect(forked.length).toBeGreaterThan(60 * 4)
      expect(exited.sort()).toEqual(forked.sort())
    },
    MOST_MS,
  )

  test(
    'is what watches where nothing is said',
    async () => {
      const folder = place.nextRecord()
      const { exitCode } = await finish([ACG, 'run', '--record', folder, '--', 'true'], {
        cwd: place.project,
        env,
      })
      expect(exitCode).toBe(0)
      expect(readRecord(folder).result.watch.power).toBe('bpf')
    },
    MOST_MS,
  )

  test(
    'refuses a user who has all that he may; then seccomp watches, and the run says why',
    async () => {
      const auto = () => place.run(['--watch', 'auto'], ['true'], env)
      const held = Array.from({ length: MOST_PER_USER }, () =>
        connectUnix(served.socket, 'packets', MOST_MS / 1000),
      )
      const { exitCode, result } = await auto()
      for (const connection of held) closeSync(connection)
      expect(exitCode).toBe(0)
      expect(result.watch).toEqual({ power: 'seccomp', complete: true })
      expect(result.notes.join()).toContain(OUTCOMES['too many'].says)
      expect((await auto()).result.watch.power).toBe('bpf')
    },
    MOST_MS,
  )

  test(
    'killed, leaves its runs watched to their end, and the next run has a new one',
    async () => {
      for (let time = 1; time <= KILLS; time++) {
        const running = run('touch begun; until [ -e go ]; do sleep 0.1; done; uname; rm go begun; true')
        await untilThere(`${place.project}/begun`)
        await served.kill()
        await Bun.write(`${place.project}/go`, '')
        const { result } = await running
        expect(result.reason).toBe('the agent exited with code 0')
        expect(result.watch).toEqual({ power: 'bpf', complete: true })
        expect(result.calls.map(({ command }) => command)).toContain('uname')
        expect(await leftInKernel(before)).toEqual([])
        await served.start()
      }
    },
    MOST_MS,
  )

  test(
    'lets another user follow what is in his own user namespace, and nothing else',
    async () => {
      const own = await startOwnOfNobody()
      const answers = (pid: number) => askAsNobody(served.socket, [{ verb: 'open' }, { verb: 'follow', pid }])
      try {
        expect(answers(own.pid)).toEqual([
          ['granted', DESCRIPTORS],
          ['granted', 0],
        ])
      } finally {
        own.end()
      }
      expect(answers(process.pid)[1]).toEqual(['not yours', 0])
      expect(answers(process.ppid)[1]).toEqual(['not yours', 0])
    },
    MOST_MS,
  )

  test(
    'refuses what is out of bounds or out of turn, each by its name',
    () => {
      const outcomes = (...sent: Parameters<typeof askAsNobody>[1]) =>
        askAsNobody(served.socket, sent).map(([outcome]) => outcome)
      expect(outcomes({ verb: 'follow', pid: 1 })).toEqual(['not in turn'])
      expect(outcomes({ verb: 'open' }, { verb: 'open' })).toEqual(['granted', 'not in turn'])
      for (const ringBytes of [0, 4096, (1 << 20) + 1, 1 << 25])
        expect(outcomes({ verb: 'open', ringBytes })).toEqual(['out of bounds'])
      for (const within of [{ wakeDepth: 64 }, { rideAlongMs: 1 }, { rideAlongMs: 1000 }])
        expect(outcomes({ verb: 'open', ...within })).toEqual(['granted'])
      for (const beyond of [{ wakeDepth: 65 }, { rideAlongMs: 0 }, { rideAlongMs: 1001 }])
        expect(outcomes({ verb: 'open', ...beyond })).toEqual(['out of bounds'])
      expect(outcomes({ verb: 'open' }, { verb: 'follow' })).toEqual(['granted', 'not understood'])
    },
    MOST_MS,
  )

  test(
    `answers ${MESSAGES} generated messages, stays as small as it was, and a run beside them is not touched`,
    async () => {
      stormAsNobody(served.socket, MESSAGES / 10, SEED)
      const running = run('touch begun; until [ -e go ]; do sleep 0.1; done; uname; true')
      await untilThere(`${place.project}/begun`)
      const [pid, memory] = [served.pid, served.residentBytes]
      const answers = stormAsNobody(served.socket, MESSAGES, SEED + 1)
      const grown = served.residentBytes - memory
      console.log(
        `answers: ${JSON.stringify([...answers])}; the daemon grew by ${grown} bytes from ${memory}`,
      )
      expect(served.pid).toBe(pid)
      expect([...answers.values()].reduce((sum, times) => sum + times, 0)).toBe(MESSAGES)
      expect(grown).toBeLessThan(MEMORY_SLACK_BYTES)
      await Bun.write(`${place.project}/go`, '')
      const { result } = await running
      expect(result.reason).toBe('the agent exited with code 0')
      expect(result.watch).toEqual({ power: 'bpf', complete: true })
      expect(result.calls.map(({ command }) => command)).toContain('uname')
    },
    MOST_MS,
  )
})

async function untilThere(file: string): Promise<void> {
  while (!(await Bun.file(file).exists())) await Bun.sleep(50)
}
