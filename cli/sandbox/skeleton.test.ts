import { describe, expect, test } from 'bun:test'
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { makeSkeleton, systemMounts } from './skeleton.ts'

const root = join(temporaryFolder(), 'rootfs')
makeSkeleton(root)
const mounts = systemMounts()
const etc = (name: string) => readFileSync(join(root, 'etc', name), 'utf8')

describe('makeSkeleton()', () => {
  test('has every folder of the host read-only', () => {
    expect(mounts.filter(({ readOnly }) => !readOnly)).toEqual([])
    expect(mounts.map(({ inside }) => inside)).toContain('/usr')
  })

  test('has a place for each mount, since the root is read-only once it is in use', () => {
    for (const { inside } of mounts) {
      const isTopFolder = /^\/\w+$/.test(inside)
      if (!isTopFolder) expect(existsSync(join(root, inside))).toBe(true)
    }
  })

  test('has /bin and its like as the host has them', () => {
    for (const name of ['bin', 'sbin', 'lib']) {
      const host = lstatSync(`/${name}`)
      if (host.isSymbolicLink()) expect(readlinkSync(join(root, name))).toBe(readlinkSync(`/${name}`))
      else expect(mounts.map(({ inside }) => inside)).toContain(`/${name}`)
    }
  })

  test('knows root, the user and nobody, and no other account of the host', () => {
    const users = etc('passwd').trimEnd().split('\n')
    expect(users.map((line) => line.split(':')[0])).toEqual([
      'root',
      ...(process.getuid?.() === 0 ? [] : [Bun.spawnSync(['id', '-un']).stdout.toString().trim()]),
      'nobody',
    ])
    for (const line of users) expect(line.split(':')).toHaveLength(7)
  })

  test('has a /tmp that everybody may write, whatever the umask', () => {
    for (const name of ['tmp', 'var/tmp']) expect(statSync(join(root, name)).mode & 0o7777).toBe(0o1777)
  })

  test('has nothing of /etc that holds secrets or names the machine', () => {
    for (const name of ['shadow', 'gshadow', 'machine-id', 'ssh', 'sudoers', 'ssl/private', 'hostname'])
      expect(existsSync(join(root, 'etc', name))).toBe(false)
    expect(mounts.map(({ host }) => host)).not.toContain('/etc')
    expect(mounts.map(({ host }) => host)).not.toContain('/etc/ssl')
  })

  test('looks accounts up in files alone: no service of the host answers inside', () => {
    expect(etc('nsswitch.conf')).toContain('passwd: files\n')
  })
})
