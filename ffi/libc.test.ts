import { describe, expect, test } from 'bun:test'
import {
  closeSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { errnoOf } from '../test/errno.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import {
  Clock,
  clockNs,
  createEventfd,
  Epoll,
  EpollSet,
  Errno,
  exitStatus,
  openInRoot,
  openPidfd,
  SystemError,
} from './mod.ts'

const folder = temporaryFolder()

const raise = (eventfd: number, by = 1n) => {
  const count = Buffer.alloc(8)
  count.writeBigUInt64LE(by)
  writeSync(eventfd, count)
}

describe('createEventfd() and EpollSet', () => {
  test('wait() tells of each descriptor that is ready, and of no other', () => {
    const [quiet, raised, other] = [createEventfd(), createEventfd(), createEventfd()]
    const set = new EpollSet()
    for (const fd of [quiet, raised, other]) set.add(fd, Epoll.IN)
    raise(raised, 3n)
    raise(other)
    const ready: number[] = []
    set.wait((fd, events) => {
      expect(events & Epoll.IN).toBeTruthy()
      ready.push(fd)
    })
    expect(ready.sort()).toEqual([raised, other].sort())
    const count = Buffer.alloc(8)
    readSync(raised, count, 0, 8, null)
    expect(count.readBigUInt64LE()).toBe(3n)
    for (const fd of [quiet, raised, other]) closeSync(fd)
  })

  test('wait() lets a callback close and take out what else is ready', () => {
    const fds = [createEventfd(), createEventfd()]
    const set = new EpollSet()
    for (const fd of fds) {
      set.add(fd, Epoll.IN)
      raise(fd)
    }
    let called = 0
    set.wait((fd) => {
      called++
      closeSync(fd)
    })
    expect(called).toBe(2)
  })

  test('add() throws the kernel’s number for a descriptor that is not open', () => {
    expect(errnoOf(() => new EpollSet().add(100_000, Epoll.IN))).toBe(9)
  })
})

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
