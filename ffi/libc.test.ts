import { describe, expect, test } from 'bun:test'
import { closeSync, readSync, writeSync } from 'node:fs'
import { errnoOf } from '../test/errno.ts'
import { Clock, clockNs, createEventfd, Epoll, EpollSet, Errno, openPidfd } from './mod.ts'

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

test('clockNs() gives the clock that was asked for', () => {
  expect(Math.abs(clockNs(Clock.REALTIME) / 1e6 - Date.now())).toBeLessThan(1000)
  const before = clockNs(Clock.MONOTONIC)
  expect(clockNs(Clock.MONOTONIC)).toBeGreaterThanOrEqual(before)
  expect(clockNs(Clock.BOOTTIME)).toBeGreaterThanOrEqual(before)
})

test('openPidfd() throws ESRCH where there is no such process', () => {
  expect(errnoOf(() => openPidfd(2 ** 22))).toBe(Errno.ESRCH)
})
