// Watches a container's processes by BPF: a thread reads the ring that the run was granted (reader.ts). Where the
// programs are loaded, in this process or in the daemon, is the grant's business.

import { closeSync, writeSync } from 'node:fs'
import { createEventfd, openPidfd } from '../../../ffi/mod.ts'
import { takeShortTurns } from '../../../ffi/ring.ts'
import { isCompiled } from '../../own-program.ts'
import type { Watcher, WatchListener } from '../watcher.ts'
import type { ObtainGrant, RunGrant } from './grant.ts'
import type { ReaderMessage, ReaderStart } from './reader.ts'

export class BpfWatcher implements Watcher {
  readonly power = 'bpf'
  readonly seccompProfile = null
  readonly #wake = createEventfd()
  #grant: RunGrant | null = null

  constructor(
    private readonly obtain: ObtainGrant,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {}

  start(): void {
    try {
      this.#grant = this.obtain()
    } catch (error) {
      this.listener.failed(error as Error)
      return
    }
    // Only from here on: Podman has been started, and does not inherit it.
    takeShortTurns()
    this.#read(this.#grant)
  }

  #read(grant: RunGrant): void {
    const worker = new Worker(workerFile())
    worker.onmessage = ({ data }: MessageEvent<ReaderMessage>) => {
      if (data.kind === 'events') this.listener.events(data.events)
      else {
        worker.terminate()
        grant[Symbol.dispose]()
        this.listener.ended()
      }
    }
    worker.onerror = (event) =>
      this.listener.failed(new Error(`the thread that reads the ring failed: ${event.message}`))
    const { ring, ringBytes, losses } = grant
    const start: ReaderStart = { ring, ringBytes, losses, wake: this.#wake, runStartNs: this.runStartNs }
    worker.postMessage(start)
  }

  follow(initPid: number): void {
    if (!this.#grant) return
    try {
      const pidfd = openPidfd(initPid)
      this.#grant.follow(pidfd)
      closeSync(pidfd)
    } catch (error) {
      this.listener.failed(error as Error)
      return
    }
    this.listener.attached(initPid)
  }

  stop(): void {
    const one = Buffer.alloc(8)
    one.writeBigUInt64LE(1n)
    writeSync(this.#wake, one)
  }
}

/** In the binary a worker is found by its path from the entry point, whatever module asks. */
function workerFile(): string {
  return isCompiled() ? './watch/bpf/reader.ts' : new URL('./reader.ts', import.meta.url).href
}
