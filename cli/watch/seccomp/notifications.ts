// Answers seccomp notifications: reads what waits, lets it go on, and then reports.
//
// Nothing here decides. Each answer is as short as it can be made, since the agent's process stands still
// meanwhile; what came of it is told once nobody waits any more.

import { closeSync } from 'node:fs'
import {
  accept,
  Clock,
  clockNs,
  Epoll,
  EpollSet,
  exitStatus,
  openPidfd,
  receiveWithDescriptors,
  SeccompListener,
  type SeccompNotification,
  SystemError,
  Waker,
} from '../../../ffi/mod.ts'
import { pipeInode, readProcessLink } from '../../procfs/link.ts'
import { isForbidden, isGone, readProcessFile, readStat, TICKS_PER_SECOND } from '../../procfs/stat.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import type { ProcessEvent, ProcessId } from '../process-event.ts'
import type { WatchListener } from '../watcher.ts'
import { ProcessMemory } from './arguments.ts'
import { findExecutable } from './executable.ts'
import { Lineage } from './lineage.ts'
import { type WatchedCall, watchedCall } from './syscalls.ts'

/** The exec of a process that has made itself undumpable. */
const UNREADABLE = {
  file: null,
  interpreter: null,
  argv: [],
  argv_truncated: false,
  cwd: null,
  stdin_pipe: null,
  stdout_pipe: null,
}

const STATE_BYTES = 65536
const PATH_BYTES = 4096
/** Without a wait, epoll may pass over what another thread is just looking at. */
const LAST_TURN_MS = 1

export class Notifications implements Disposable {
  readonly #set = new EpollSet()
  readonly #listeners = new Map<number, SeccompListener>()
  /** OCI runtimes that have not said yet what they came for. */
  readonly #runtimes = new Set<number>()
  readonly #pidfds = new Map<number, ProcessId>()
  readonly #bootMinusMonotonicNs = clockNs(Clock.BOOTTIME) - clockNs(Clock.MONOTONIC)
  readonly #waker: Waker
  #lineage: Lineage | null = null
  #initPid = 0
  #events: ProcessEvent[] = []

  /** `socket`: where the OCI runtime connects; times count from `runStartNs` of CLOCK_MONOTONIC. */
  constructor(
    private readonly socket: number,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {
    this.#set.add(socket, Epoll.IN)
    this.#waker = new Waker(this.#set, {
      ready: (fd, events) => this.#ready(fd, events),
      turned: () => this.#flush(),
      failed: (error) => listener.failed(error),
    })
  }

  /** Takes in what has come by now. From then on nobody answers. */
  [Symbol.dispose](): void {
    this.#waker.turn(LAST_TURN_MS)
    this.#waker[Symbol.dispose]()
    const all = [...this.#listeners.keys(), ...this.#runtimes, ...this.#pidfds.keys(), this.socket]
    for (const fd of all) closeSync(fd)
    this.#set[Symbol.dispose]()
  }

  #flush(): void {
    if (this.#events.length === 0) return
    const events = this.#events
    this.#events = []
    this.listener.events(events)
  }

  #now(): number {
    return (clockNs(Clock.MONOTONIC) - this.runStartNs) / 1e6
  }

  #ready(fd: number, events: number): void {
    const listener = this.#listeners.get(fd)
    if (listener) {
      if (events & Epoll.IN) this.#answer(listener)
      else this.#closeListener(listener)
    } else if (this.#pidfds.has(fd)) this.#exited(fd, events)
    else if (this.#runtimes.has(fd)) this.#attach(fd)
    else if (fd === this.socket) this.#meet()
  }

  /**
   * The OCI runtime connects once per process that it puts under the filter: init, and each `podman exec`. crun does
   * so long before it has anything to say.
   */
  #meet(): void {
    const runtime = accept(this.socket)
    this.#runtimes.add(runtime)
    this.#set.add(runtime, Epoll.IN)
  }

  #attach(runtime: number): void {
    const { bytes, descriptors } = receiveWithDescriptors(runtime, STATE_BYTES, { wait: false })
    this.#runtimes.delete(runtime)
    closeSync(runtime)
    const fd = descriptors[0]
    if (fd === undefined) return
    if (this.#lineage === null) {
      this.#initPid = (JSON.parse(bytes.toString()) as { pid: number }).pid
      this.#lineage = new Lineage(this.#initPid)
      this.listener.attached(this.#initPid)
    }
    this.#listeners.set(fd, new SeccompListener(fd))
    this.#set.add(fd, Epoll.IN)
  }

  /** No process is left under that filter. */
  #closeListener(listener: SeccompListener): void {
    this.#listeners.delete(listener.fd)
    closeSync(listener.fd)
  }

  #answer(listener: SeccompListener): void {
    const notification = listener.receive()
    if (!notification) return
    try {
      this.#report(listener, notification)
    } finally {
      listener.letGo(notification.id)
    }
  }

  #report(listener: SeccompListener, notification: SeccompNotification): void {
    const { id: cookie, pid: thread } = notification
    const watched = watchedCall(notification.arch, notification.syscall)
    if (!watched || !this.#lineage) return
    const pid = this.#processOf(thread)
    if (pid === this.#initPid) return

    const timeMs = this.#now()
    const found = this.#lineage.introduce(pid)
    if (!found) return
    const exec =
      watched.call === 'setsid' ? null : this.#readExec(notification, pid, watched.call, watched.pointerBytes)
    // What was read is about this caller only if it still waits: its pid cannot have been reused then.
    if (!listener.isWaiting(cookie)) {
      this.#lineage.forget(found.introduced.map(({ id }) => id))
      return
    }

    for (const { id, parent } of found.introduced) this.#follow(id, parent, timeMs)
    if (exec) this.#events.push({ event: 'exec', time_ms: timeMs, ...found.id, ...exec })
  }

  /** The process of a thread; nearly always they are the same. */
  #processOf(thread: number): number {
    const tgid = /^Tgid:\s*(\d+)/m.exec(readProcessFile(thread, 'status') ?? '')
    return tgid ? Number(tgid[1]) : thread
  }

  #readExec({ args }: SeccompNotification, pid: number, call: WatchedCall, pointerBytes: 4 | 8) {
    const [path, argv] = call === 'execve' ? [args[0], args[1]] : [args[1], args[2]]
    try {
      using memory = new ProcessMemory(pid)
      const file = memory.string(Number(path), PATH_BYTES).bytes.toString()
      // An execveat() names its file by a descriptor, which need not be followed to be sure that it is there.
      const executable = call === 'execve' ? findExecutable(pid, file) : { interpreter: null }
      if (executable === null) return null
      const words = memory.strings(Number(argv), pointerBytes)
      return {
        file,
        interpreter: executable.interpreter,
        argv: words.argv,
        argv_truncated: words.truncated,
        cwd: readProcessLink(pid, 'cwd'),
        stdin_pipe: pipeInode(readProcessLink(pid, 'fd/0')),
        stdout_pipe: pipeInode(readProcessLink(pid, 'fd/1')),
      }
    } catch (error) {
      if (isForbidden(error)) return UNREADABLE
      if (isGone(error)) return null
      throw error
    }
  }

  #follow(id: ProcessId, parent: ProcessId | null, seenMs: number): void {
    const bootNs = (id.start_ticks * 1e9) / TICKS_PER_SECOND
    const startMs = (bootNs - this.#bootMinusMonotonicNs - this.runStartNs) / 1e6
    this.#events.push({ event: 'fork', time_ms: Math.min(startMs, seenMs), ...id, parent })
    try {
      const pidfd = openPidfd(id.pid)
      this.#pidfds.set(pidfd, id)
      this.#set.add(pidfd, Epoll.IN)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      this.#events.push({ event: 'exit', time_ms: seenMs, ...id, exit_code: null, signal: null })
    }
  }

  /**
   * A pidfd is readable once the process has ended, and hangs up once its parent has taken the status. A zombie's
   * status is in /proc; one that has been reaped is asked of the pidfd.
   */
  #exited(pidfd: number, events: number): void {
    const id = this.#pidfds.get(pidfd) as ProcessId
    const zombie = events & Epoll.HUP ? null : readStat(id.pid)
    const status =
      zombie?.state === 'Z' && zombie.startTicks === id.start_ticks ? zombie.exitStatus : exitStatus(pidfd)
    this.#pidfds.delete(pidfd)
    closeSync(pidfd)
    this.#events.push({ event: 'exit', time_ms: this.#now(), ...id, ...decodeStatus(status) })
  }
}
