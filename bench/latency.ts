// How long after an exec acg's main thread knows of it, where the event is one that wakes the reader.

import { quantile } from 'simple-statistics'
import { CONTROLLING } from '../cli/watch/bpf/pace.ts'
import { Clock, clockNs } from '../ffi/mod.ts'
import { Watched } from '../test/bpf/watched.ts'
import type { Benchmark } from './benchmark.ts'

const EXECS = 500
const PACE = CONTROLLING
/** Further apart than the programs space wakings (bpf/ring.bpf.h): an exec and an exit are two. */
const APART_SECONDS = (2.2 * PACE.rideAlongMs) / 1000
/** After its fork, which may wake the reader as well: by then that sleeps again. */
const AFTER_FORK_SECONDS = 0.03

const LOOP = `
import os, time
for _ in range(${EXECS}):
    pid = os.fork()
    if pid == 0:
        time.sleep(${AFTER_FORK_SECONDS})
        os.execv("/usr/bin/true", ["true"])
    os.waitpid(pid, 0)
    time.sleep(${APART_SECONDS})
print("done")
`

export const latency: Benchmark = {
  name: 'latency',
  about: `${EXECS} × from exec to JavaScript`,
  async run({ where }) {
    const delaysUs: number[] = []
    const watched = new Watched(`/usr/bin/python3 -c '${LOOP}'; read wait`, {
      pace: PACE,
      came: (events) => {
        const now = clockNs(Clock.MONOTONIC)
        for (const event of events)
          if (event.event === 'exec' && event.file === '/usr/bin/true')
            delaysUs.push((now - watched.startNs) / 1e3 - event.time_ms * 1e3)
      },
    })
    await watched.first.stdout.getReader().read()
    await watched.end()
    const [p50, p99] = [quantile(delaysUs, 0.5), quantile(delaysUs, 0.99)]
    const what =
      'from an exec to acg’s main thread, events that wake the reader of a run whose calls are controlled'
    return [
      {
        id: 'latency',
        what,
        unit: 'µs',
        value: p50,
        control: null,
        ratio: null,
        upper: null,
        n: delaysUs.length,
        p50,
        p99,
        where,
      },
    ]
  },
}
