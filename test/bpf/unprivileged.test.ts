// Loading takes privilege, reading none: another user's process reads the ring whose descriptors it was given.

import { afterAll, describe, expect, test } from 'bun:test'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoadedPrograms } from '../../cli/watch/bpf/loaded-programs.ts'
import { Family } from './family.ts'
import { skipReason } from './machine.ts'

const NOBODY = 65534
const RING_BYTES = 1 << 16

describe.skipIf(skipReason() !== null)('a process without privilege', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acg-bpf-'))
  chmodSync(folder, 0o755)
  afterAll(() => rmSync(folder, { recursive: true }))

  test('reads a ring that another one made', async () => {
    // Where that user can read it.
    const bun = join(folder, 'bun')
    copyFileSync(process.execPath, bun)
    await Bun.build({
      entrypoints: [join(import.meta.dir, 'read-ring.ts')],
      outdir: folder,
      target: 'bun',
    })
    chmodSync(join(folder, 'read-ring.js'), 0o644)

    using programs = new LoadedPrograms()
    using family = new Family(programs, '/usr/bin/true; exit 0', RING_BYTES)
    await family.finish()
    const drop = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--bounding-set=-all']
    const child = Bun.spawn(['setpriv', ...drop, bun, join(folder, 'read-ring.js'), `${RING_BYTES}`], {
      cwd: folder,
      env: { HOME: folder, PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'inherit', family.run.ring, family.run.losses],
    })
    const told = JSON.parse(await new Response(child.stdout).text())
    expect(told).toEqual({ uid: NOBODY, files: ['/usr/bin/true'], lost: 0 })
    expect(family.take()).toEqual([])
  })
})
