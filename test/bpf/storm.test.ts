// A hundred thousand processes in a container, so that pids come round three times; and a ring that cannot hold
// what comes.

import { afterAll, describe, expect, test } from 'bun:test'
import { makeDemoProject } from '../../cli/demo/project.ts'
import type { RecordEvent } from '../../cli/record/schema.ts'
import { RunClock } from '../../cli/supervisor/clock.ts'
import { prepare } from '../../cli/supervisor/preparation.ts'
import { defaultRequest } from '../../cli/supervisor/request.ts'
import { SupervisedRun } from '../../cli/supervisor/run.ts'
import { BpfWatcher } from '../../cli/watch/bpf/bpf-watcher.ts'
import { grantLocally } from '../../cli/watch/bpf/local-grant.ts'
import { RECORDING } from '../../cli/watch/bpf/pace.ts'
import { type ProcessKey, processKey } from '../../cli/watch/process-event.ts'
import { leftovers, readRecord, Workplace } from '../acg.ts'
import { CLEAR_WITHIN_MS, inKernel, leftInKernel, skipReason } from './machine.ts'

const PROCESSES = Number(process.env.ACG_STORM ?? 100_000)
const MOST_MINUTES = 20

/** Every tenth by fork() and exec, the rest by posix_spawn(), which is faster. */
const STORM = (count: number) => `
import os
for i in range(${count}):
    if i % 10:
        pid = os.posix_spawn("/usr/bin/true", ["true", str(i)], {})
    else:
        pid = os.fork()
        if pid == 0:
            os.execv("/usr/bin/true", ["true", str(i)])
    os.waitpid(pid, 0)
`

const storming = (count: number) => ['sh', '-c', `python3 -c '${STORM(count)}'; true`]

/** Each of these execs alone is more than a ring of one page holds. */
const TOO_LARGE = 50
const tooLarge = [
  'sh',
  '-c',
  `for i in $(seq ${TOO_LARGE}); do /usr/bin/true ${'x'.repeat(5000)}; done; sleep 1`,
]

describe.skipIf(skipReason() !== null)('watched by BPF', () => {
  const before = skipReason() === null ? inKernel() : []
  const place = new Workplace()
  makeDemoProject(place.project)
  afterAll(async () => {
    place[Symbol.dispose]()
    expect(await leftovers()).toEqual([])
    expect(await leftInKernel(before)).toEqual([])
  }, CLEAR_WITHIN_MS)

  test(
    `${PROCESSES} forks and execs are all told, each with its exit code, in order`,
    async () => {
      const run = await place.run(['--watch', 'bpf'], storming(PROCESSES))
      expect(run.result.reason).toBe('the agent exited with code 0')
      expect(run.result.watch).toEqual({ power: 'bpf', complete: true })
      const numbers = new Map<ProcessKey, string[]>()
      const pids = new Set<number>()
      const story = new Map<ProcessKey, string>()
      for (const event of run.events) {
        if (event.event !== 'fork' && event.event !== 'exec' && event.event !== 'exit') continue
        const key = processKey(event)
        story.set(key, `${story.get(key) ?? ''}${event.event} `)
        if (event.event !== 'exec' || event.argv[0] !== 'true') continue
        numbers.set(key, event.argv)
        pids.add(event.pid)
      }
      expect(new Set([...numbers.values()].map(([, number]) => number)).size).toBe(PROCESSES)
      expect(numbers.size).toBe(PROCESSES)
      const stories = new Set([...numbers.keys()].map((key) => story.get(key)))
      expect(stories).toEqual(new Set(['fork exec exit ']))
      console.log(
        `${PROCESSES} processes had ${pids.size} pids, in ${(run.result.duration_ms / 1000).toFixed(0)} s`,
      )
      expect(run.events.filter(({ event }) => event === 'loss')).toEqual([])
      expect(run.events.filter(isExit).every(({ exit_code }) => exit_code === 0)).toBe(true)
    },
    MOST_MINUTES * 60_000,
  )

  test(
    'a ring of one page loses what it cannot hold, and the record says how many and that it is not complete',
    async () => {
      const home = process.cwd()
      process.chdir(place.project)
      const folder = place.nextRecord()
      const request = { ...defaultRequest(tooLarge), watch: 'bpf' as const, record: folder }
      try {
        const run = new SupervisedRun(
          request,
          prepare(request),
          new RunClock(0),
          {
            make: (_, startNs, listener) =>
              new BpfWatcher(() => grantLocally(RECORDING, 4096), startNs, listener),
            note: null,
          },
          null,
        )
        await run.run('inherit')
      } finally {
        process.chdir(home)
      }
      const { result, events } = readRecord(folder)
      expect(result.watch).toEqual({ power: 'bpf', complete: false })
      const lost = events.flatMap((event) => (event.event === 'loss' ? [event.lost_events] : []))
      const living = new Set<ProcessKey>()
      for (const event of events) {
        if (event.event === 'fork') living.add(processKey(event))
        if (event.event === 'exit') living.delete(processKey(event))
      }
      const sum = lost.reduce((total, one) => total + one, 0)
      console.log(`${sum} events lost, told of ${lost.length} times`)
      expect(sum).toBeGreaterThanOrEqual(TOO_LARGE)
      expect([...living]).toEqual([])
    },
    MOST_MINUTES * 60_000,
  )
})

function isExit(event: RecordEvent): event is Extract<RecordEvent, { event: 'exit' }> {
  return event.event === 'exit'
}
