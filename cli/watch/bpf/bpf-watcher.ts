// Watches a container's processes by BPF. Where the programs are loaded, in this process or in the daemon, is the
// grant's business; what the ring holds is run-ring.ts's. Here is when to look.
//
// The programs wake acg for what matters at once; the rest it finds there when it looks (bpf/ring.bpf.h says which
// is which). After anything has come it looks again within LOOK_AGAIN_MS. If nothing has come by then, the next
// event of any kind wakes it, and it waits without a limit but for IDLE_LOOK_MS, which covers an event that was
// written just as the programs and acg each thought the other would act.

import { closeSync } from 'node:fs'
import { Epoll, EpollSet, openPidfd, Waker } from '../../../ffi/mod.ts'
import { takeShortTurns } from '../../../ffi/ring.ts'
import type { LossEvent, ProcessEvent } from '../process-event.ts'
import type { Watcher, WatchListener } from '../watcher.ts'
import type { ObtainGrant, RunGrant } from './grant.ts'
import { RunRing } from './run-ring.ts'

/** More than RIDE_ALONG_NS of bpf/ring.bpf.h. */
const LOOK_AGAIN_MS = 60
const IDLE_LOOK_MS = 1000

interface Reading extends Disposable {
  readonly grant: RunGrant
  readonly ring: RunRing
}

export class BpfWatcher implements Watcher {
  readonly power = 'bpf'
  readonly seccompProfile = null
  #reading: Reading | null = null
  #events: (ProcessEvent | LossEvent)[] = []
  #timer: Timer | null = null

  constructor(
    private readonly obtain: ObtainGrant,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {}

  start(): void {
    try {
      this.#reading = this.#read()
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #read(): Reading {
    using made = new DisposableStack()
    const grant = made.use(this.obtain())
    // Only from here on: Podman has been started, and does not inherit it. The waker's thread does.
    takeShortTurns()
    const ring = made.use(new RunRing(grant, this.runStartNs))
    const set = made.use(new EpollSet())
    set.add(grant.ring, Epoll.IN)
    made.use(
      new Waker(set, {
        ready: () => this.#look(),
        turned: () => this.#tell(),
        failed: (error) => this.#fail(error),
      }),
    )
    const kept = made.move()
    return { grant, ring, [Symbol.dispose]: () => kept.dispose() }
  }

  #look(): void {
    if (!this.#reading) return
    const { ring } = this.#reading
    this.#events.push(...ring.look())
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#lookInTime(), ring.isQuiet ? IDLE_LOOK_MS : LOOK_AGAIN_MS)
  }

  #lookInTime(): void {
    try {
      this.#look()
    } catch (error) {
      this.#fail(error as Error)
    }
    this.#tell()
  }

  #tell(): void {
    const events = this.#events
    this.#events = []
    if (events.length > 0) this.listener.events(events)
  }

  /** What the ring still holds is not to be had. */
  #fail(error: Error): void {
    this.#end()
    this.listener.failed(error)
  }

  #end(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#reading?.[Symbol.dispose]()
    this.#reading = null
  }

  follow(initPid: number): void {
    if (!this.#reading) return
    try {
      const pidfd = openPidfd(initPid)
      try {
        this.#reading.grant.follow(pidfd)
      } finally {
        closeSync(pidfd)
      }
    } catch (error) {
      this.#fail(error as Error)
      return
    }
    this.listener.attached(initPid)
  }

  stop(): void {
    try {
      if (this.#reading) this.#events.push(...this.#reading.ring.look(true))
      this.#end()
    } catch (error) {
      this.#fail(error as Error)
    }
    this.#tell()
  }
}
