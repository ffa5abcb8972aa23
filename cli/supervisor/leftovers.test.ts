import { describe, expect, test } from 'bun:test'
import { closeSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listenUnix } from '../../ffi/mod.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ownProcess } from '../procfs/stat.ts'
import { claimSandbox, emptySandbox, noteCgroups, notedCgroups } from './leftovers.ts'

const folder = temporaryFolder()

// If this failed, a run that starts while another one does could read half of what that one writes, and not start.
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

describe('emptySandbox()', () => {
  test('leaves what says whose the folder is, and nothing else: a killed run would never be cleared up', () => {
    claimSandbox(folder, '/a/record')
    noteCgroups(folder, process.pid)
    mkdirSync(join(folder, 'home', 'below'), { recursive: true })
    for (const name of ['init.pid', 'home/below/file']) writeFileSync(join(folder, name), 'x')
    closeSync(listenUnix(join(folder, 'port-1.sock')))
    emptySandbox(folder)
    expect(readdirSync(folder).sort()).toEqual(['cgroups.json', 'owner.json'])
  })

  test('takes a folder that somebody removed for an empty one: the run still has its result to write', () => {
    emptySandbox(join(folder, 'nothing'))
  })
})
