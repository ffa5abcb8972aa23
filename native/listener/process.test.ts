import { ptr } from 'bun:ffi'
import { describe, expect, test } from 'bun:test'
import { closeSync, readdirSync, readFileSync } from 'node:fs'
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

describe('is_ended()', () => {
  // struct process_stat
  const [BYTES, STATUS_AT, STATE_AT] = [32, 24, 28]

  function withState(state: string): Buffer {
    const stat = Buffer.alloc(BYTES)
    stat.write(state, STATE_AT)
    return stat
  }

  test('is true of a zombie, whose status read_stat() gives', async () => {
    // A shell may reap it at once, `sleep` does not: it ends when the one has become the other.
    await using parent = Bun.spawn(
      ['sh', '-c', 'exec 3<&0; (read line <&3; exit 3) & echo $!; exec sleep 60'],
      {
        stdin: 'pipe',
      },
    )
    const reader = parent.stdout.getReader()
    const pid = Number(new TextDecoder().decode((await reader.read()).value))
    while (readFileSync(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await Bun.sleep(1)
    parent.stdin.end()
    const stat = Buffer.alloc(BYTES)
    do expect(native.read_stat(pid, ptr(stat))).toBe(true)
    while (!native.is_ended(ptr(stat)))
    expect(stat.readInt32LE(STATUS_AT)).toBe(3 << 8)
  })

  // Where the other side of that moment was taken for the process's life, a call at times had no exit code.
  test('is true of one that its parent is reaping, whose pidfd tells nothing yet', () => {
    expect(native.is_ended(ptr(withState('X')))).toBe(true)
  })

  test('is not said of who runs, sleeps or is stopped', () => {
    for (const state of 'RSDTt') expect(native.is_ended(ptr(withState(state)))).toBe(false)
  })
})

test('process_of() knows the process of a thread, which is who executes something', () => {
  const threads = readdirSync('/proc/self/task').map(Number)
  expect(threads.length).toBeGreaterThan(1)
  for (const thread of threads) expect(native.process_of(thread)).toBe(process.pid)
})
