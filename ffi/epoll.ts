// Sets of descriptors to wait for: epoll(7).

import { dlopen, FFIType, ptr } from 'bun:ffi'
import { closeSync } from 'node:fs'
import { checked, Errno, SystemError } from './libc.ts'

const { i32, pointer } = FFIType

const { symbols: c } = dlopen('libc.so.6', {
  // int epoll_create1(int flags)
  epoll_create1: { args: [i32], returns: i32 },
  // int epoll_ctl(int epfd, int operation, int fd, struct epoll_event *event)
  epoll_ctl: { args: [i32, i32, i32, pointer], returns: i32 },
  // int epoll_wait(int epfd, struct epoll_event *events, int most, int timeout_ms)
  epoll_wait: { args: [i32, pointer, i32, i32], returns: i32 },
})

const O_CLOEXEC = 0o2000000
const MOST_AT_ONCE = 256

export const Epoll = { IN: 0x001, HUP: 0x010 } as const
const EPOLL_CTL_ADD = 1
const EPOLL_CTL_MOD = 3
const EPOLL_EVENT_BYTES = process.arch === 'x64' ? 12 : 16
const EPOLL_DATA_OFFSET = process.arch === 'x64' ? 4 : 8

/** A set of descriptors to wait for at once. Closing a descriptor takes it out. */
export class EpollSet implements Disposable {
  readonly fd = checked('epoll_create1', c.epoll_create1(O_CLOEXEC))
  readonly #events = new ArrayBuffer(EPOLL_EVENT_BYTES * MOST_AT_ONCE)
  readonly #view = new DataView(this.#events)

  #control(operation: number, fd: number, events: number): void {
    const event = Buffer.alloc(EPOLL_EVENT_BYTES)
    event.writeUInt32LE(events, 0)
    event.writeInt32LE(fd, EPOLL_DATA_OFFSET)
    checked('epoll_ctl', c.epoll_ctl(this.fd, operation, fd, ptr(event)))
  }

  add(fd: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events)
  }

  /** Changes what is waited for; hang-ups are always reported. */
  modify(fd: number, events: number): void {
    this.#control(EPOLL_CTL_MOD, fd, events)
  }

  /** Waits, without a limit if none is given; calls back with each descriptor and its events. Returns how many. */
  wait(each: (fd: number, events: number) => void, mostMs = -1): number {
    let count: number
    try {
      count = checked('epoll_wait', c.epoll_wait(this.fd, ptr(this.#events), MOST_AT_ONCE, mostMs))
    } catch (error) {
      if (error instanceof SystemError && error.errno === Errno.EINTR) return 0
      throw error
    }
    const ready: [number, number][] = []
    for (let at = 0; at < count; at++) {
      const base = at * EPOLL_EVENT_BYTES
      ready.push([this.#view.getInt32(base + EPOLL_DATA_OFFSET, true), this.#view.getUint32(base, true)])
    }
    for (const [fd, events] of ready) each(fd, events)
    return count
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}
