// How often the watcher is told, of what runs faster than it is to be woken.

import { afterAll, describe, expect, test } from 'bun:test'
import { CONTROLLING, type Pace, RECORDING } from '../../cli/watch/bpf/pace.ts'
import { CLEAR_WITHIN_MS, inKernel, leftInKernel, skipReason } from './machine.ts'
import { type Told, Watched } from './watched.ts'

const FILE = '/usr/bin/uname'

/** An agent in Python that executes FILE `times` times, `apart` seconds from one another, and `before` that something else. */
const agent = (times: number, apart: number, before = '') =>
  `/usr/bin/python3 -c '
import subprocess, time
${before}
for _ in range(${times}):
    subprocess.run(["${FILE}"], stdout=subprocess.DEVNULL)
    time.sleep(${apart})
'`

/** In how many batches the watcher was told that FILE was executed. */
async function timesTold(script: string, pace: Pace): Promise<number> {
  let batches = 0
  const came = (events: Told) => {
    if (events.some((event) => event.event === 'exec' && event.file === FILE)) batches++
  }
  const watched = new Watched(`${script}; echo done; read wait`, { pace, came })
  await watched.first.stdout.getReader().read()
  await watched.end()
  return batches
}

describe.skipIf(skipReason() !== null)('a run’s pace', () => {
  const before = skipReason() === null ? inKernel() : []
  afterAll(async () => expect(await leftInKernel(before)).toEqual([]), CLEAR_WITHIN_MS)

  /** So slow that what it is told of in between is told by wakings alone. */
  const SLOW: Pace = { ...RECORDING, rideAlongMs: 1000 }

  test('keeps wakings for what the agent executes: what a call executes would make the next calls late', async () => {
    const call = 'subprocess.run(["sh", "-c", "for i in $(seq 200); do /usr/bin/true; done; exit"])'
    expect(await timesTold(agent(8, 0.06, call), SLOW)).toBeGreaterThan(3)
  })

  test('is quicker where calls are controlled: others are charged for a call until it is in its leaf', async () => {
    const calls = agent(100, 0.01)
    expect(await timesTold(calls, CONTROLLING)).toBeGreaterThan(1.5 * (await timesTold(calls, SLOW)))
  })
})
