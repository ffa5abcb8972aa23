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
  #timer: Timer | null = null

  constructor(
    private readonly obtain: ObtainGrant,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {}

  start(): void {
    try {
      const grant = this.obtain()
      // Only from here on: Podman has been started, and does not inherit it. The waker's thread does.
      takeShortTurns()
      this.#reading = this.#read(grant)
    } catch (error) {
      this.listener.failed(error as Error)
    }
  }

  #read(grant: RunGrant): Reading {
    const ring = new RunRing(grant, this.runStartNs)
    const set = new EpollSet()
    set.add(grant.ring, Epoll.IN)
    const waker = new Waker(set, {
      ready: () => this.#look(),
      turned: () => {},
      failed: (error) => this.listener.failed(error),
    })
    return {
      grant,
      ring,
      [Symbol.dispose]: () => {
        waker[Symbol.dispose]()
        set[Symbol.dispose]()
        ring[Symbol.dispose]()
        grant[Symbol.dispose]()
      },
    }
  }

  #look(isLast = false): void {
    if (!this.#reading) return
    const { ring } = this.#reading
    const events = ring.look(isLast)
    if (events.length > 0) this.listener.events(events)
    if (this.#timer) clearTimeout(this.#timer)
    const waitMs = events.length > 0 || ring.isBehind ? LOOK_AGAIN_MS : IDLE_LOOK_MS
    this.#timer = isLast ? null : setTimeout(() => this.#lookInTime(), waitMs)
  }

  #lookInTime(): void {
    try {
      this.#look()
    } catch (error) {
      this.listener.failed(error as Error)
    }
  }

  follow(initPid: number): void {
    if (!this.#reading) return
    try {
      const pidfd = openPidfd(initPid)
      this.#reading.grant.follow(pidfd)
      closeSync(pidfd)
    } catch (error) {
      this.listener.failed(error as Error)
      return
    }
    this.listener.attached(initPid)
  }

  stop(): void {
    this.#look(true)
    this.#reading?.[Symbol.dispose]()
    this.#reading = null
    this.listener.ended()
  }
}
