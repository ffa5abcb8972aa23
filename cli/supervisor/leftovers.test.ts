// If this failed, a run that starts while another one does could read half of what that one writes, and not start.

import { describe, expect, test } from 'bun:test'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ownProcess } from '../procfs/stat.ts'
import { claimSandbox, noteCgroups, notedCgroups } from './leftovers.ts'

const folder = temporaryFolder()

describe('what a run notes in its sandbox’s folder', () => {
  const inode = (name: string) => statSync(join(folder, name)).ino

  test.each([
    ['owner.json', () => claimSandbox(folder, '/a/record')],
    ['cgroups.json', () => noteCgroups(folder, process.pid)],
  ])('%s is there completely or not at all', (name, note) => {
    note()
    const before = inode(name)
    note()
    expect(inode(name)).not.toBe(before)
    expect(readdirSync(folder)).not.toContain(`${name}.partial`)
  })

  test('names the supervisor and the record, and the cgroups are read as they were noted', async () => {
    claimSandbox(folder, '/a/record')
    expect(await Bun.file(join(folder, 'owner.json')).json()).toEqual({
      supervisor: ownProcess(),
      record: '/a/record',
    })
    noteCgroups(folder, process.pid)
    expect(notedCgroups(folder)).toEqual(await Bun.file(join(folder, 'cgroups.json')).json())
  })
})
