import { describe, expect, test } from 'bun:test'
import { closeSync, writeSync } from 'node:fs'
import { errnoOf } from '../test/errno.ts'
import { Epoll, EpollSet, socketPair } from './mod.ts'

/** Sockets of which something can be read once their other end is written to. */
function sockets(count: number) {
  const pairs = Array.from({ length: count }, () => socketPair())
  return {
    own: pairs.map(([own]) => own),
    tell: (at: number) => writeSync(pairs[at]?.[1] as number, 'x'),
    [Symbol.dispose]: () => {
      for (const [, other] of pairs) closeSync(other)
    },
  }
}

describe('wait()', () => {
  test('tells of each descriptor that is ready, and of no other', () => {
    using pairs = sockets(3)
    using set = new EpollSet()
    for (const fd of pairs.own) set.add(fd, Epoll.IN)
    pairs.tell(1)
    pairs.tell(2)
    const ready: number[] = []
    const count = set.wait((fd, events) => {
      expect(events & Epoll.IN).toBeTruthy()
      ready.push(fd)
    })
    expect(count).toBe(2)
    expect(ready.sort()).toEqual(pairs.own.slice(1).sort())
    for (const fd of pairs.own) closeSync(fd)
  })

  test('lets a callback close and take out what else is ready', () => {
    using pairs = sockets(2)
    using set = new EpollSet()
    for (const [at, fd] of pairs.own.entries()) {
      set.add(fd, Epoll.IN)
      pairs.tell(at)
    }
    expect(set.wait((fd) => closeSync(fd))).toBe(2)
    expect(set.wait(() => {}, 0)).toBe(0)
  })

  test('gives up after the time that it is given', () => {
    using set = new EpollSet()
    expect(set.wait(() => {}, 1)).toBe(0)
  })
})

test('add() throws the kernel’s number for a descriptor that is not open', () => {
  using set = new EpollSet()
  expect(errnoOf(() => set.add(100_000, Epoll.IN))).toBe(9)
})
