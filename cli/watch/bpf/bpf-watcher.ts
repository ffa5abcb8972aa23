// Watches a container's processes by BPF, from inside acg itself: for root, with no daemon. It loads the programs
// (exec-program.ts) and has a thread read the run's ring (reader.ts).

import { closeSync, statSync, writeSync } from 'node:fs'
import { createEventfd, openPidfd } from '../../../ffi/mod.ts'
import { takeShortTurns } from '../../../ffi/ring.ts'
import { isCompiled } from '../../own-program.ts'
import type { Watcher, WatchListener } from '../watcher.ts'
import { DEFAULT_RING_BYTES, DEFAULT_WAKE_DEPTH, ExecProgram, type WatchedRun } from './exec-program.ts'
import type { ReaderMessage, ReaderStart } from './reader.ts'

export class BpfWatcher implements Watcher {
  readonly power = 'bpf'
  readonly seccompProfile = null
  readonly #wake = createEventfd()
  #program: ExecProgram | null = null
  #run: WatchedRun | null = null

  constructor(
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
    private readonly ringBytes = DEFAULT_RING_BYTES,
  ) {}

  /** Loads while Podman starts, which takes longer. */
  start(): void {
    try {
      this.#program = new ExecProgram()
      this.#run = this.#program.openRun({
        ringBytes: this.ringBytes,
        pidNamespace: statSync('/proc/self/ns/pid').ino,
        wakeDepth: DEFAULT_WAKE_DEPTH,
      })
    } catch (error) {
      this.listener.failed(error as Error)
      return
    }
    this.#read(this.#run)
  }

  #read({ ring, losses }: WatchedRun): void {
    // Only from here on: Podman has been started, and does not inherit it.
    takeShortTurns()
    const worker = new Worker(workerFile())
    worker.onmessage = ({ data }: MessageEvent<ReaderMessage>) => {
      if (data.kind === 'events') this.listener.events(data.events)
      else if (data.kind === 'ended') {
        worker.terminate()
        this.#program?.[Symbol.dispose]()
        this.listener.ended()
      }
    }
    worker.onerror = (event) =>
      this.listener.failed(new Error(`the thread that reads the ring failed: ${event.message}`))
    const { runStartNs, ringBytes } = this
    const start: ReaderStart = { ring, ringBytes, losses, wake: this.#wake, runStartNs }
    worker.postMessage(start)
  }

  follow(initPid: number): void {
    if (!this.#run) return
    const pidfd = openPidfd(initPid)
    this.#run.follow(pidfd)
    closeSync(pidfd)
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
