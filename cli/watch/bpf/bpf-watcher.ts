// Watches a container's processes by BPF. Where the programs are loaded, in this process or in the daemon, is the
// grant's business; what the ring holds is run-ring.ts's. Here is when to look.
//
// The programs wake acg for what matters at once; the rest it finds there when it looks (bpf/ring.bpf.h says which
// is which, look-pace.ts when it looks of itself).

import { type ConnectedSocket, onWaking } from '../../../ffi/mod.ts'
import { takeShortTurns } from '../../../ffi/ring.ts'
import type { Watcher, WatchListener } from '../watcher.ts'
import type { ObtainGrant, RunGrant } from './grant.ts'
import { LookPace } from './look-pace.ts'
import { RunRing } from './run-ring.ts'

export class BpfWatcher implements Watcher {
  readonly power = 'bpf'
  readonly door = null
  readonly seccompProfile = null
  #grant: RunGrant | null = null
  #ring: RunRing | null = null
  #waker: ConnectedSocket | null = null
  #looks: LookPace | null = null

  constructor(
    private readonly obtain: ObtainGrant,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {}

  start(): void {
    try {
      this.#grant = this.obtain()
      // Only from here on: Podman has been started, and does not inherit it. The waker's thread does.
      takeShortTurns()
      const { pace } = this.#grant
      if (pace.compilesAfter !== null) Bun.unsafe.setJITPolicy(pace.compilesAfter)
      this.#looks = new LookPace(() => this.#look(), pace.rideAlongMs)
      this.#ring = new RunRing(this.#grant, this.runStartNs)
      void this.#wait(this.#grant.ring)
    } catch (error) {
      this.listener.failed(error as Error)
    }
  }

  async #wait(ring: number): Promise<void> {
    try {
      const ended = () => {
        if (this.#ring) this.listener.failed(new Error('the thread that waits for the ring ended'))
      }
      this.#waker = await onWaking(ring, () => this.#look(), ended)
      // What came before anybody waited.
      this.#look()
    } catch (error) {
      this.listener.failed(error as Error)
    }
  }

  #look(): void {
    if (!this.#ring) return
    try {
      const events = this.#ring.look(false)
      if (events.length > 0) this.listener.events(events)
      // Who listens may have stopped it.
      if (this.#ring) this.#looks?.looked(events.length > 0, this.#ring.isBehind)
    } catch (error) {
      this.listener.failed(error as Error)
    }
  }

  follow(initPid: number): void {
    if (!this.#grant) return
    try {
      this.#grant.follow(initPid)
    } catch (error) {
      this.listener.failed(error as Error)
      return
    }
    this.listener.attached(initPid)
  }

  stop(): void {
    this.#looks?.stop()
    const ring = this.#ring
    this.#ring = null
    if (!ring) return
    const last = ring.look(true)
    if (last.length > 0) this.listener.events(last)
    ring[Symbol.dispose]()
    this.#waker?.terminate()
    this.#grant?.[Symbol.dispose]()
    this.listener.ended()
  }
}
