// Whatever of a run is killed, nothing of it lives on, its record can be read, and the next run is fine.
//
// ACG_KILLS says how often each victim is killed; `bun run bench kills` does it fifty times.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Result } from '../../cli/record/schema.ts'
import { ACG, finish, leftovers, readRecord, Workplace } from '../acg.ts'
import { startDoomed, stillAlive, stillThere, until, VICTIMS, type Victim } from './victim.ts'

const TIMES = Number(process.env.ACG_KILLS ?? 5)
const DEAD_WITHIN_MS = 2000
const GONE_WITHIN_MS = 10_000
const MOST_MS = 120_000

/** Where acg or conmon is the victim, what Podman keeps may wait for acg's next command. */
const CLEARED_BY_NEXT: readonly Victim[] = ['acg', 'conmon']

const ENDINGS: Readonly<Record<Victim, Result['ending']>> = {
  acg: 'lost',
  conmon: 'lost',
  init: 'lost',
  agent: 'killed',
}

describe.each([...VICTIMS])('kill -9 of %s', (victim) => {
  const place = new Workplace()
  beforeAll(() => mkdirSync(place.project, { recursive: true }))
  afterAll(() => place[Symbol.dispose]())

  test.each(Array.from({ length: TIMES }, (_, at) => at + 1))(
    'leaves nothing, time %d',
    async () => {
      const doomed = await startDoomed(place)
      expect(doomed.inside.length).toBeGreaterThanOrEqual(5)
      process.kill(doomed.pids[victim], 'SIGKILL')

      await until(DEAD_WITHIN_MS, 'no process of the container lives', () => stillAlive(doomed).length === 0)
      if (CLEARED_BY_NEXT.includes(victim)) {
        await doomed.acg.exited
        await nextRun(place)
      }
      await until(
        GONE_WITHIN_MS,
        'cgroup, network helper and mounts are gone',
        async () => (await stillThere(doomed)).length === 0,
      )
      await doomed.acg.exited
      await until(
        GONE_WITHIN_MS,
        'the container’s record is gone',
        async () => (await leftovers()).length === 0,
      )

      const { result, events } = readRecord(doomed.record)
      expect(result.ending).toBe(ENDINGS[victim])
      expect(events.length).toBeGreaterThan(5)
      await nextRun(place)
    },
    MOST_MS,
  )
})

async function nextRun(place: Workplace): Promise<void> {
  const { exitCode, stderr } = await finish(
    [ACG, 'run', '--record', join(place.folder, crypto.randomUUID()), '--', 'true'],
    {
      cwd: place.project,
    },
  )
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
}
