// The few libc functions that Bun has no word for. Thin wrappers only: convert, call, check errno.
// Buffers are explicit and `ptr()` is taken per call, since the storage of a small typed array moves.

import { dlopen, FFIType, type Pointer, ptr, read } from 'bun:ffi'
import { constants } from 'node:os'

const { i32, u64, pointer } = FFIType

const libc = dlopen('libc.so.6', {
  // int *__errno_location(void)
  __errno_location: { args: [], returns: pointer },
  // int epoll_create1(int flags)
  epoll_create1: { args: [i32], returns: i32 },
  // int epoll_ctl(int epfd, int operation, int fd, struct epoll_event *event)
  epoll_ctl: { args: [i32, i32, i32, pointer], returns: i32 },
  // int epoll_wait(int epfd, struct epoll_event *events, int most, int timeout_ms)
  epoll_wait: { args: [i32, pointer, i32, i32], returns: i32 },
  // long syscall(long number, ...), for what older libcs have no name for
  syscall: { args: [FFIType.i64, FFIType.i64, FFIType.i64, FFIType.i64, FFIType.i64], returns: FFIType.i64 },
  // int poll(struct pollfd *fds, unsigned long count, int timeout_ms)
  poll: { args: [pointer, u64, i32], returns: i32 },
  // int flock(int fd, int operation)
  flock: { args: [i32, i32], returns: i32 },
  // int isatty(int fd)
  isatty: { args: [i32], returns: i32 },
  // sighandler_t signal(int number, sighandler_t handler); null is SIG_DFL
  signal: { args: [i32, pointer], returns: pointer },
  // int tcflow(int fd, int action)
  tcflow: { args: [i32, i32], returns: i32 },
  // pid_t tcgetpgrp(int fd)
  tcgetpgrp: { args: [i32], returns: i32 },
  // pid_t getpgrp(void)
  getpgrp: { args: [], returns: i32 },
  // int clock_gettime(clockid_t clock, struct timespec *time)
  clock_gettime: { args: [i32, pointer], returns: i32 },
  // int execve(const char *path, char *const argv[], char *const envp[])
  execve: { args: [pointer, pointer, pointer], returns: i32 },
})

const c = libc.symbols

export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EBADF: 9,
  EAGAIN: 11,
  EEXIST: 17,
  EINVAL: 22,
  ENOTTY: 25,
  EPIPE: 32,
  ECONNRESET: 104,
  ECONNREFUSED: 111,
} as const

/** A libc call that failed: which one, on what, and the kernel's number for why. */
export class SystemError extends Error {
  constructor(
    readonly call: string,
    readonly errno: number,
  ) {
    super(`${call} failed with errno ${errno}`)
    this.name = 'SystemError'
  }
}

/** `result` if it is not negative; otherwise throws with errno, which nothing may have touched since. */
export function checked(call: string, result: number | bigint): number {
  const value = Number(result)
  if (value < 0) throw new SystemError(call, lastErrno())
  return value
}

/** To be read in the very next call. */
export function lastErrno(): number {
  return read.i32(c.__errno_location() as Pointer, 0)
}

/** syscall(2), for what libc has no name for. */
export function systemCall(number: number, ...args: readonly (number | bigint)[]): number | bigint {
  const [first = 0, second = 0, third = 0, fourth = 0] = args
  return c.syscall(number, first, second, third, fourth)
}

const SYS_PIDFD_OPEN = 434

/** A descriptor that refers to the process `pid` for good. Throws SystemError (ESRCH, EINVAL for a thread). */
export function openPidfd(pid: number): number {
  return checked('pidfd_open', c.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0))
}

const SYS_PIDFD_GETFD = 438

/**
 * A duplicate of another process's descriptor, which may have ended since its pidfd was opened only if it was not
 * reaped. Throws SystemError: EPERM without the right to trace it, EBADF if it has no such descriptor, ESRCH.
 */
export function duplicateFrom(pidfd: number, fd: number): number {
  return checked('pidfd_getfd', c.syscall(SYS_PIDFD_GETFD, pidfd, fd, 0, 0))
}

const LOCK_EX_NB = 2 | 4

/** Locks a file until every duplicate of the descriptor is closed; false where another has. Throws SystemError. */
export function tryLock(fd: number): boolean {
  if (c.flock(fd, LOCK_EX_NB) === 0) return true
  const errno = lastErrno()
  if (errno === Errno.EAGAIN) return false
  throw new SystemError('flock', errno)
}

const POLLOUT = 4

/** Whether a write would be taken now without waiting; of a pipe, as much as one page. Throws SystemError. */
export function canWrite(fd: number): boolean {
  // struct pollfd: i32 fd, i16 events, i16 revents
  const asked = Buffer.alloc(8)
  asked.writeInt32LE(fd, 0)
  asked.writeInt16LE(POLLOUT, 4)
  checked('poll', c.poll(ptr(asked), 1, 0))
  return asked.readInt16LE(6) === POLLOUT
}

const O_CLOEXEC = 0o2000000

export const Epoll = { IN: 0x001 } as const
const EPOLL_CTL_ADD = 1
const EPOLL_EVENT_BYTES = process.arch === 'x64' ? 12 : 16
const EPOLL_DATA_OFFSET = process.arch === 'x64' ? 4 : 8

/** A set of descriptors to wait for at once. Closing a descriptor takes it out. */
export class EpollSet {
  readonly #fd = checked('epoll_create1', c.epoll_create1(O_CLOEXEC))
  readonly #events = new ArrayBuffer(EPOLL_EVENT_BYTES * 256)
  readonly #view = new DataView(this.#events)

  #control(operation: number, fd: number, events: number): void {
    const event = Buffer.alloc(EPOLL_EVENT_BYTES)
    event.writeUInt32LE(events, 0)
    event.writeInt32LE(fd, EPOLL_DATA_OFFSET)
    checked('epoll_ctl', c.epoll_ctl(this.#fd, operation, fd, ptr(event)))
  }

  add(fd: number, events: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events)
  }

  /** Waits, without a limit if none is given; calls back with each descriptor and its events. */
  wait(each: (fd: number, events: number) => void, mostMs = -1): void {
    let count: number
    try {
      count = checked('epoll_wait', c.epoll_wait(this.#fd, ptr(this.#events), 256, mostMs))
    } catch (error) {
      if (error instanceof SystemError && error.errno === Errno.EINTR) return
      throw error
    }
    const ready: [number, number][] = []
    for (let at = 0; at < count; at++) {
      const base = at * EPOLL_EVENT_BYTES
      ready.push([this.#view.getInt32(base + EPOLL_DATA_OFFSET, true), this.#view.getUint32(base, true)])
    }
    for (const [fd, events] of ready) each(fd, events)
  }
}

export const Clock = { REALTIME: 0, MONOTONIC: 1, BOOTTIME: 7 } as const

/** struct timespec, one for all: clocks are read hundreds of times a second. */
const TIMESPEC = new BigInt64Array(2)
const TIMESPEC_AT = ptr(TIMESPEC)

/** The clock's time in ns. The sum stays exact for 104 days of uptime, and to 256 ns for REALTIME. */
export function clockNs(clock: number): number {
  checked('clock_gettime', c.clock_gettime(clock, TIMESPEC_AT))
  return Number(TIMESPEC[0]) * 1e9 + Number(TIMESPEC[1])
}

/** As node:tty's, which takes longer to load than Podman takes to read its flags. */
export function isTerminal(fd: number): boolean {
  return c.isatty(fd) === 1
}

const TCOON = 1

/**
 * Stops this process's job while it is in the background of its terminal, if `fd` is that, as a first read would. False
 * where it cannot come to the foreground: no shell is left that would bring it there, or it ignores what would stop it
 * (SIGTTOU).
 */
export function awaitForeground(fd: number): boolean {
  if (isInForeground(fd)) return true
  // Bun's own answer to these is to set the modes of the terminal first, which may stop it anew instead of ending it.
  for (const signal of [constants.signals.SIGINT, constants.signals.SIGTERM]) c.signal(signal, null)
  // Starts output that tcflow() stopped; and like all that may change a terminal, it stops a job in the background.
  return c.tcflow(fd, TCOON) === 0 && isInForeground(fd)
}

/** So is every process where `fd` is not its session's terminal: job control has no word there. */
function isInForeground(fd: number): boolean {
  const group = c.tcgetpgrp(fd)
  return group <= 0 || group === c.getpgrp()
}

/** Replaces this process. Returns only by throwing SystemError. */
export function execve(path: string, argv: string[], environment: Record<string, string>): never {
  const kept: Buffer[] = []
  const array = (words: string[]): Buffer => {
    const pointers = Buffer.alloc((words.length + 1) * 8)
    words.forEach((word, at) => {
      const bytes = Buffer.from(`${word}\0`)
      kept.push(bytes)
      pointers.writeBigUInt64LE(BigInt(ptr(bytes)), at * 8)
    })
    return pointers
  }
  const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  checked('execve', c.execve(ptr(Buffer.from(`${path}\0`)), ptr(array(argv)), ptr(array(pairs))))
  throw new Error('execve returned without an error')
}
