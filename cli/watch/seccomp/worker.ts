// The thread that answers seccomp notifications: it reads what waits, lets it go on, and reports.
//
// Nothing here decides. Each answer is as short as it can be made, since the agent's process stands still
// meanwhile; everything that can wait is done on the main thread.

import { closeSync, readSync } from 'node:fs'
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
} from '../../../ffi/mod.ts'
import { isInCallLeaf } from '../../cgroup/leaf-names.ts'
import { pipeInode, readProcessLink } from '../../procfs/link.ts'
import { isForbidden, isGone, readProcessFile, readStat, TICKS_PER_SECOND } from '../../procfs/stat.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import type { ExitEvent, ProcessEvent, ProcessId } from '../process-event.ts'
import type { HeldExec } from '../watcher.ts'
import { ProcessMemory } from './arguments.ts'
import { findExecutable } from './executable.ts'
import { Lineage } from './lineage.ts'
import { type WatchedCall, watchedCall } from './syscalls.ts'

/** What the main thread hands over. Descriptors stay the main thread's, times are CLOCK_MONOTONIC. */
export interface WorkerStart {
  readonly listenerSocket: number
  readonly wake: number
  readonly runStartNs: number
  /** Whether an exec that may begin a call waits until the main thread lets it go. */
  readonly holds: boolean
}

export type WorkerMessage =
  | { readonly kind: 'attached'; readonly initPid: number }
  | { readonly kind: 'events'; readonly events: ProcessEvent[] }
  | { readonly kind: 'held'; readonly exec: HeldExec; readonly listener: number; readonly cookie: bigint }
  | { readonly kind: 'ended' }

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

/** Of an environment, what is meant for acg. */
const FOR_ACG = 'ACG_'

const STATE_BYTES = 65536
const PATH_BYTES = 4096

class Watch {
  readonly #set = new EpollSet()
  readonly #listeners = new Map<number, SeccompListener>()
  readonly #pidfds = new Map<number, { id: ProcessId; exit: ExitEvent | null }>()
  readonly #bootMinusMonotonicNs = clockNs(Clock.BOOTTIME) - clockNs(Clock.MONOTONIC)
  #lineage: Lineage | null = null
  #initPid = 0
  #events: ProcessEvent[] = []
  #stopped = false

  constructor(private readonly start: WorkerStart) {
    this.#set.add(start.listenerSocket, Epoll.IN)
    this.#set.add(start.wake, Epoll.IN)
  }

  run(): void {
    while (!this.#stopped) {
      this.#set.wait((fd, events) => this.#ready(fd, events))
      this.#flush()
    }
    post({ kind: 'ended' })
  }

  #flush(): void {
    if (this.#events.length === 0) return
    post({ kind: 'events', events: this.#events })
    this.#events = []
  }

  #now(): number {
    return (clockNs(Clock.MONOTONIC) - this.start.runStartNs) / 1e6
  }

  #ready(fd: number, events: number): void {
    const listener = this.#listeners.get(fd)
    if (listener) {
      if (events & Epoll.IN) this.#answer(listener)
      else this.#closeListener(listener)
    } else if (this.#pidfds.has(fd)) this.#exited(fd, events)
    else if (fd === this.start.listenerSocket) this.#attach()
    else if (fd === this.start.wake) {
      readSync(fd, Buffer.alloc(8), 0, 8, null)
      this.#stopped = true
    }
  }

  /** The OCI runtime connects once per process that it puts under the filter: init, and each `podman exec`. */
  #attach(): void {
    const connection = accept(this.start.listenerSocket)
    const { bytes, descriptors } = receiveWithDescriptors(connection, STATE_BYTES)
    closeSync(connection)
    const fd = descriptors[0]
    if (fd === undefined) return
    if (this.#lineage === null) {
      this.#initPid = (JSON.parse(bytes.toString()) as { pid: number }).pid
      this.#lineage = new Lineage(this.#initPid)
      post({ kind: 'attached', initPid: this.#initPid })
    }
    this.#listeners.set(fd, new SeccompListener(fd))
    this.#set.add(fd, Epoll.IN)
  }

  /** No process is left under that filter. Its number stays taken where the main thread may still answer by it. */
  #closeListener(listener: SeccompListener): void {
    this.#listeners.delete(listener.fd)
    if (this.start.holds) this.#set.remove(listener.fd)
    else closeSync(listener.fd)
  }

  #answer(listener: SeccompListener): void {
    const notification = listener.receive()
    if (!notification) return
    let held: HeldExec | null = null
    try {
      held = this.#report(listener, notification)
    } finally {
      if (held === null) listener.letGo(notification.id)
    }
    if (held === null) return
    this.#flush()
    post({ kind: 'held', exec: held, listener: listener.fd, cookie: notification.id })
  }

  /** Notes what there is to tell of it; returns it if it is an exec that has to wait. */
  #report(listener: SeccompListener, notification: SeccompNotification): HeldExec | null {
    const { id: cookie, pid: thread } = notification
    const watched = watchedCall(notification.arch, notification.syscall)
    if (!watched || !this.#lineage) return null
    const pid = this.#processOf(thread)
    if (pid === this.#initPid) return null

    const timeMs = this.#now()
    const found = this.#lineage.introduce(pid)
    if (!found) return null
    const exec =
      watched.call === 'setsid' ? null : this.#readExec(notification, pid, watched.call, watched.pointerBytes)
    // What was read is about this caller only if it still waits: its pid cannot have been reused then.
    if (!listener.isWaiting(cookie)) {
      this.#lineage.forget(found.introduced.map(({ id }) => id))
      return null
    }

    for (const { id, parent } of found.introduced) this.#follow(id, parent, timeMs)
    if (!exec) return null
    const { environment, ...told } = exec
    this.#events.push({ event: 'exec', time_ms: timeMs, ...found.id, ...told })
    return environment && { id: found.id, argv: exec.argv, environment }
  }

  /** The process of a thread; nearly always they are the same. */
  #processOf(thread: number): number {
    const tgid = /^Tgid:\s*(\d+)/m.exec(readProcessFile(thread, 'status') ?? '')
    return tgid ? Number(tgid[1]) : thread
  }

  #readExec({ args }: SeccompNotification, pid: number, call: WatchedCall, pointerBytes: 4 | 8) {
    const [path, argv, environment] = call === 'execve' ? args : args.slice(1)
    const waits = this.start.holds && !isInCallLeaf(pid)
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
        environment: waits ? memory.entries(Number(environment), pointerBytes, FOR_ACG) : null,
      }
    } catch (error) {
      if (isForbidden(error)) return { ...UNREADABLE, environment: waits ? [] : null }
      if (isGone(error)) return null
      throw error
    }
  }

  #follow(id: ProcessId, parent: ProcessId | null, seenMs: number): void {
    const bootNs = (id.start_ticks * 1e9) / TICKS_PER_SECOND
    const startMs = (bootNs - this.#bootMinusMonotonicNs - this.start.runStartNs) / 1e6
    this.#events.push({ event: 'fork', time_ms: Math.min(startMs, seenMs), ...id, parent })
    try {
      const pidfd = openPidfd(id.pid)
      this.#pidfds.set(pidfd, { id, exit: null })
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
    const { id } = this.#pidfds.get(pidfd) as { id: ProcessId }
    const zombie = events & Epoll.HUP ? null : readStat(id.pid)
    const status =
      zombie?.state === 'Z' && zombie.startTicks === id.start_ticks ? zombie.exitStatus : exitStatus(pidfd)
    this.#pidfds.delete(pidfd)
    closeSync(pidfd)
    this.#events.push({ event: 'exit', time_ms: this.#now(), ...id, ...decodeStatus(status) })
  }
}

declare const self: {
  onmessage: ((message: { data: WorkerStart }) => void) | null
  postMessage: (message: WorkerMessage) => void
}

function post(message: WorkerMessage): void {
  self.postMessage(message)
}

self.onmessage = ({ data }) => new Watch(data).run()
