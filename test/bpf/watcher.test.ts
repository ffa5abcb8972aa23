// The watcher with its thread, and what it makes of a ring that is too small.

import { afterAll, describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { readStat } from '../../cli/procfs/stat.ts'
import {
  type ProcessEvent,
  type ProcessId,
  type ProcessKey,
  processKey,
} from '../../cli/watch/process-event.ts'
import { CLEAR_WITHIN_MS, inKernel, leftInKernel, skipReason } from './machine.ts'
import { Watched } from './watched.ts'

const DEADLINE_MS = 30_000

/** Who lives below a process, as /proc has it, by pid. */
function livingBelow(pid: number): ProcessId[] {
  return readdirSync('/proc')
    .map((name) => (/^\d+$/.test(name) ? readStat(Number(name)) : null))
    .filter((stat) => stat?.parentPid === pid && stat.state !== 'Z')
    .flatMap((stat) =>
      stat ? [{ pid: stat.pid, start_ticks: stat.startTicks }, ...livingBelow(stat.pid)] : [],
    )
    .sort((a, b) => a.pid - b.pid)
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!holds() && Date.now() < deadline) await Bun.sleep(20)
}

describe.skipIf(skipReason() !== null)('BpfWatcher', () => {
  const before = skipReason() === null ? inKernel() : []
  afterAll(async () => expect(await leftInKernel(before)).toEqual([]), CLEAR_WITHIN_MS)

  test('tells every process once: its fork first, its exit last', async () => {
    const watched = new Watched('for i in $(seq 300); do /usr/bin/true; done; echo done; read wait')
    await watched.first.stdout.getReader().read()
    await watched.end()
    const forks = watched.events.filter(({ event }) => event === 'fork')
    expect(forks.length).toBe(301)
    for (const event of ['fork', 'exit']) {
      const ids = watched.events.flatMap((each) =>
        each.event === event ? [processKey(each as ProcessEvent)] : [],
      )
      expect(new Set(ids).size).toBe(ids.length)
    }
    const order = new Map<ProcessKey, string>()
    for (const event of watched.events as ProcessEvent[]) {
      order.set(processKey(event), `${order.get(processKey(event)) ?? ''} ${event.event}`)
    }
    expect(new Set([...order.values()])).toEqual(new Set([' fork exec exit']))
    expect(watched.lost).toEqual([])
    expect(watched.living).toEqual([])
  })

  test('a ring that fills up wakes its reader: what is far from the agent would be lost before anybody looks', async () => {
    // Half a ring at a time, so that a slow reader gets there; where that takes longer than its pace this proves nothing.
    const storm = `for i in $(seq 100); do /usr/bin/true ${'x'.repeat(300)}; done`
    const far = `((((${storm}; sleep 0.1; ${storm}; true); true); true); true)`
    const watched = new Watched(`${far}; echo done; read wait`, { ringBytes: 1 << 16 })
    await watched.first.stdout.getReader().read()
    await watched.end()
    expect(watched.lost).toEqual([])
    const execs = watched.events.filter((each) => each.event === 'exec' && each.file === '/usr/bin/true')
    expect(execs.length).toBe(200)
  })

  test('records a loss, and has the tree right again after it', async () => {
    // However fast the reader is: an exec whose words fill the ring never fits beside anything.
    const tooLong = `/usr/bin/true "$(printf '%04090d' 0)"`
    const storm = `for i in $(seq 1500); do /usr/bin/true & /usr/bin/true; done; ${tooLong}; wait`
    const keep = 'sh -c "sleep 100 & sleep 100" &'
    const watched = new Watched(`${keep} (${storm}); ${keep} echo done; read wait`, { ringBytes: 4096 })
    await watched.first.stdout.getReader().read()
    await until(() => Bun.deepEquals(watched.living, livingBelow(watched.pid)))
    const expected = livingBelow(watched.pid)
    expect(expected.length).toBe(6)
    expect(watched.living).toEqual(expected)
    expect(watched.lost.length).toBeGreaterThan(0)
    expect(watched.lost.every(({ lost_events }) => lost_events > 0)).toBe(true)

    for (const { pid } of expected) process.kill(pid, 'SIGKILL')
    await until(() => watched.living.length === 0)
    expect(watched.living).toEqual([])
    await watched.end()
  })
})
