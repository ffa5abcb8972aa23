import { ptr } from 'bun:ffi'
import { describe, expect, test } from 'bun:test'
import { closeSync, readdirSync } from 'node:fs'
import { release } from 'node:os'
import { Epoll, EpollSet, openPidfd } from '../../ffi/mod.ts'
import { native } from './native.ts'

/** null where it is not told. */
function statusBy(pidfd: number): number | null {
  const status = Buffer.alloc(4)
  return native.read_status(pidfd, ptr(status)) ? status.readInt32LE() : null
}

describe('read_status()', () => {
  const [major = 0, minor = 0] = release().split('.').map(Number)
  const isTold = major > 6 || (major === 6 && minor >= 15)

  async function statusOf(end: (child: Bun.Subprocess<'pipe', 'ignore', 'inherit'>) => void, script: string) {
    const child = Bun.spawn(['sh', '-c', script], { stdin: 'pipe', stdout: 'ignore' })
    const pidfd = openPidfd(child.pid)
    const set = new EpollSet()
    set.add(pidfd, Epoll.IN)
    const living = statusBy(pidfd)
    end(child)
    await child.exited
    let ready = -1
    set.wait((fd) => {
      ready = fd
    })
    const status = statusBy(pidfd)
    closeSync(pidfd)
    return { living, ready: ready === pidfd, status }
  }

  test('gives the code of a process that exited and was reaped; nothing while it lives, and from older kernels', async () => {
    const seen = await statusOf((child) => child.stdin.end(), 'read line; exit 3')
    expect(seen).toEqual({ living: null, ready: true, status: isTold ? 3 << 8 : null })
  })

  test('gives the signal of one that was killed', async () => {
    const seen = await statusOf((child) => child.kill('SIGKILL'), 'read line')
    expect(seen).toEqual({ living: null, ready: true, status: isTold ? 9 : null })
  })
})

test('process_of() knows the process of a thread, which is who executes something', () => {
  const threads = readdirSync('/proc/self/task').map(Number)
  expect(threads.length).toBeGreaterThan(1)
  for (const thread of threads) expect(native.process_of(thread)).toBe(process.pid)
})
