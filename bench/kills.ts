// The kill tests, many times over: what is counted is runs of which nothing was left.

import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'

const TIMES = 50

export const kills: Benchmark = {
  name: 'kills',
  about: `kill -9 of acg, conmon, init and agent, ${TIMES} times each`,
  async run({ where }) {
    const file = join(import.meta.dir, '..', 'test', 'kernel', 'kill.test.ts')
    const child = Bun.spawn([process.execPath, 'test', file], {
      env: { ...process.env, ACG_KILLS: String(TIMES) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said = await new Response(child.stderr).text()
    await child.exited
    const count = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}$`, 'm').exec(said)?.[1] ?? 0)
    const [passed, failed] = [count('pass'), count('fail')]
    const share = passed / (passed + failed)
    const what = `runs of which nothing was left, of ${passed + failed}`
    return [
      {
        id: 'kills',
        what,
        unit: 'share',
        value: share,
        control: null,
        ratio: null,
        upper: null,
        n: passed + failed,
        p50: share,
        p99: share,
        where,
      },
    ]
  },
}
