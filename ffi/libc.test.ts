import { describe, expect, test } from 'bun:test'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../test/errno.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { Clock, clockNs, Epoll, EpollSet, Errno, openPidfd } from './mod.ts'

const folder = temporaryFolder()

/** Who has both ends of one can write to it, and then read from it. */
function pipe(name: string): number {
  const path = join(folder, name)
  expect(Bun.spawnSync(['mkfifo', path]).exitCode).toBe(0)
  return openSync(path, 'r+')
}

describe('EpollSet', () => {
  test('wait() tells of each descriptor that is ready, and of no other', () => {
    const [quiet, ready, other] = [pipe('quiet'), pipe('ready'), pipe('other')]
    const set = new EpollSet()
    for (const fd of [quiet, ready, other]) set.add(fd, Epoll.IN)
    for (const fd of [ready, other]) writeSync(fd, 'x')
    const told: number[] = []
    set.wait((fd, events) => {
      expect(events & Epoll.IN).toBeTruthy()
      told.push(fd)
    })
    expect(told.sort()).toEqual([ready, other].sort())
    for (const fd of [quiet, ready, other]) closeSync(fd)
  })

  test('wait() lets a callback close the descriptor that it is told of', () => {
    const fds = [pipe('one'), pipe('two')]
    const set = new EpollSet()
    for (const fd of fds) {
      set.add(fd, Epoll.IN)
      writeSync(fd, 'x')
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
