import { describe, expect, test } from 'bun:test'
import { closeSync, mkdirSync, openSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { errnoOf } from '../test/errno.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import {
  Clock,
  clockNs,
  Epoll,
  EpollSet,
  Errno,
  exitStatus,
  openInRoot,
  openPidfd,
  SystemError,
} from './mod.ts'

const folder = temporaryFolder()

describe('openPidfd() and exitStatus()', () => {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  const isTold = major > 6 || (major === 6 && minor >= 15)

  async function statusOf(end: (child: Bun.Subprocess<'pipe', 'ignore', 'inherit'>) => void, script: string) {
    const child = Bun.spawn(['sh', '-c', script], { stdin: 'pipe', stdout: 'ignore' })
    const pidfd = openPidfd(child.pid)
    const set = new EpollSet()
    set.add(pidfd, Epoll.IN)
    const living = exitStatus(pidfd)
    end(child)
    await child.exited
    let ready = -1
    set.wait((fd) => {
      ready = fd
    })
    const status = exitStatus(pidfd)
    closeSync(pidfd)
    return { living, ready: ready === pidfd, status }
  }

  test('give the code of a process that exited and was reaped; null while it lives, and from older kernels', async () => {
    const seen = await statusOf((child) => child.stdin.end(), 'read line; exit 3')
    expect(seen).toEqual({ living: null, ready: true, status: isTold ? 3 << 8 : null })
  })

  test('give the signal of one that was killed', async () => {
    const seen = await statusOf((child) => child.kill('SIGKILL'), 'read line')
    expect(seen).toEqual({ living: null, ready: true, status: isTold ? 9 : null })
  })

  test('openPidfd() throws ESRCH where there is no such process', () => {
    expect(errnoOf(() => openPidfd(2 ** 22))).toBe(Errno.ESRCH)
  })
})

describe('openInRoot()', () => {
  const root = join(folder, 'root')
  mkdirSync(join(root, 'sub'), { recursive: true })
  writeFileSync(join(folder, 'outside'), '')
  writeFileSync(join(root, 'inside'), '')
  symlinkSync('/inside', join(root, 'absolute'))
  symlinkSync('../../../../outside', join(root, 'sub', 'climbs'))
  symlinkSync(join(folder, 'outside'), join(root, 'leaves'))

  /** Where the path leads, or the errno of why it leads nowhere. */
  function lead(path: string, asRoot: boolean): string | number {
    const base = openSync(root, 'r')
    try {
      const fd = openInRoot(base, path, asRoot)
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      closeSync(fd)
      return target
    } catch (error) {
      if (error instanceof SystemError) return error.errno
      throw error
    } finally {
      closeSync(base)
    }
  }

  test('stays below the folder by `..` and by links, as in a chroot: a container chooses both', () => {
    expect(lead('../outside', true)).toBe(Errno.ENOENT)
    expect(lead('/../../outside', true)).toBe(Errno.ENOENT)
    expect(lead('leaves', true)).toBe(Errno.ENOENT)
    expect(lead('sub/climbs', true)).toBe(Errno.ENOENT)
    expect(lead('absolute', true)).toBe(join(root, 'inside'))
    expect(lead('../../inside', true)).toBe(join(root, 'inside'))
  })

  test('does leave it where it is not the root: the control for the claim above', () => {
    expect(lead('../outside', false)).toBe(join(folder, 'outside'))
    expect(lead('leaves', false)).toBe(join(folder, 'outside'))
  })
})

test('clockNs() gives the clock that was asked for', () => {
  expect(Math.abs(clockNs(Clock.REALTIME) / 1e6 - Date.now())).toBeLessThan(1000)
  const before = clockNs(Clock.MONOTONIC)
  expect(clockNs(Clock.MONOTONIC)).toBeGreaterThanOrEqual(before)
  expect(clockNs(Clock.BOOTTIME)).toBeGreaterThanOrEqual(before)
})
