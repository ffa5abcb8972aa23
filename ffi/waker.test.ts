import { describe, expect, test } from 'bun:test'
import { closeSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs'
import { Epoll, EpollSet, socketPair, Waker } from './mod.ts'

const ONE = Buffer.alloc(1)

/** Calls back until it is true; a test that waits for more than its time fails. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await Bun.sleep(1)
}

/** One socket under a waker, whose bytes are counted as they are read. */
function watched(read: (fd: number) => void = (fd) => void readSync(fd, ONE, 0, 1, null)) {
  const [own, other] = socketPair()
  const set = new EpollSet()
  set.add(own, Epoll.IN)
  const seen = { ready: 0, turned: 0, failed: [] as Error[] }
  const waker = new Waker(set, {
    ready: (fd) => {
      seen.ready++
      read(fd)
    },
    turned: () => seen.turned++,
    failed: (error) => seen.failed.push(error),
  })
  return {
    seen,
    waker,
    tell: (bytes = 'x') => writeSync(other, bytes),
    [Symbol.dispose]: () => {
      waker[Symbol.dispose]()
      for (const fd of [own, other]) closeSync(fd)
      set[Symbol.dispose]()
    },
  }
}

const threads = () => readdirSync('/proc/self/task').filter((id) => nameOf(id) === 'acg-waker').length

/** Empty for one that ends meanwhile. */
function nameOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').trim()
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

describe('Waker', () => {
  test('has what becomes ready handled while the loop waits for other things', async () => {
    using one = watched()
    one.tell()
    await until(() => one.seen.ready === 1)
    one.tell()
    await until(() => one.seen.ready === 2)
    expect(one.seen.turned).toBeGreaterThanOrEqual(2)
  })

  test('has everything handled that was ready at once, be it more than one turn takes', async () => {
    using one = watched()
    one.tell('x'.repeat(1000))
    await until(() => one.seen.ready === 1000)
  })

  test('loses nothing of many things that happen while they are handled', async () => {
    const many = 5000
    using one = watched()
    for (let at = 0; at < many; at++) {
      one.tell()
      // As much as the socket holds may wait.
      while (one.seen.ready < at - 50) await Bun.sleep(0)
    }
    await until(() => one.seen.ready === many)
  })

  test('waits without turning when nothing happens', async () => {
    using one = watched()
    one.tell()
    await until(() => one.seen.ready === 1)
    const { turned } = one.seen
    await Bun.sleep(50)
    expect(one.seen.turned).toBe(turned)
  })

  test('tells what its listener threw, once, and takes no more turns', async () => {
    using one = watched(() => {
      throw new Error('no')
    })
    one.tell()
    await until(() => one.seen.failed.length > 0)
    one.tell()
    await Bun.sleep(20)
    expect(one.seen.failed.map(({ message }) => message)).toEqual(['no'])
    expect(one.seen.ready).toBe(1)
  })

  test('leaves no thread once it is disposed', async () => {
    await until(() => threads() === 0)
    {
      using _one = watched()
      await until(() => threads() === 1)
    }
    await until(() => threads() === 0)
  })
})
