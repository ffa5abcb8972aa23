// The daemon as systemd runs it: confined, on demand, and deaf to the variables that would take a program of Bun's
// over.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACG, finish, Workplace } from '../acg.ts'
import { privileged } from '../privileged.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { hasSystemd, Served } from './served.ts'

/** systemd-analyze security: 0 is a unit that can do nothing, 10 one that can do everything. */
const MOST_EXPOSURE = 2
const MOST_MS = 300_000
const TAKEOVER = ['BUN_BE_BUN', 'BUN_OPTIONS', 'BUN_INSPECT', 'NODE_OPTIONS']

if (!hasSystemd) console.log('skipped: there is no systemd here, or no privilege over it')

const folder = temporaryFolder()

describe.skipIf(!hasSystemd)('the daemon’s units', () => {
  const place = new Workplace()
  const served = new Served(folder)
  const run = (env: Record<string, string> = {}) =>
    finish([ACG, 'run', '--json', '--quiet', '--watch', 'bpf', '--', 'true'], { cwd: place.project, env })

  beforeAll(async () => {
    mkdirSync(place.project, { recursive: true })
    await served.start()
  }, MOST_MS)

  afterAll(async () => {
    await served.remove()
    place[Symbol.dispose]()
  }, MOST_MS)

  test(
    'start the daemon when a run asks for it, as a user of its own with two capabilities',
    async () => {
      expect((await run()).exitCode).toBe(0)
      const status = await Bun.file(`/proc/${served.pid}/status`).text()
      // CAP_PERFMON and CAP_BPF
      for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb'])
        expect(BigInt(`0x${new RegExp(`^${set}:\\s*(\\S+)`, 'm').exec(status)?.[1]}`)).toBe(
          (1n << 38n) | (1n << 39n),
        )
      expect(Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])).toBeGreaterThan(0)
      expect(/^NoNewPrivs:\s*(\d)/m.exec(status)?.[1]).toBe('1')
    },
    MOST_MS,
  )

  test(
    'confine it: systemd-analyze finds little exposed',
    () => {
      const { stdout } = privileged('systemd-analyze', 'security', '--no-pager', 'acg-daemon.service')
      const exposure = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]
      console.log(`exposure of acg-daemon.service: ${exposure}`)
      expect(Number(exposure)).toBeLessThanOrEqual(MOST_EXPOSURE)
    },
    MOST_MS,
  )

  test(
    'pass on no variable that takes it over, a client’s or the manager’s own',
    async () => {
      const trap = join(place.folder, 'trap.js')
      const sprung = join(place.folder, 'sprung')
      writeFileSync(trap, `require('node:fs').writeFileSync(${JSON.stringify(sprung)}, '')`)
      const values = ['1', `--preload ${trap}`, 'ws://127.0.0.1:1/', `--require ${trap}`]
      const set = TAKEOVER.map((name, at) => `${name}=${values[at]}`)
      privileged('systemctl', 'stop', 'acg-daemon.service')
      privileged('systemctl', 'set-environment', ...set)
      try {
        expect((await run()).exitCode).toBe(0)
        const has = privileged('cat', `/proc/${served.pid}/environ`).stdout
        for (const name of TAKEOVER) expect(has).not.toContain(`${name}=`)
        expect(existsSync(sprung)).toBe(false)
      } finally {
        privileged('systemctl', 'unset-environment', ...TAKEOVER)
      }
    },
    MOST_MS,
  )
})
