// Watches a container's execs by seccomp user notification. The answers are given by a thread of their own
// (worker.ts); this is its main side.

import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createEventfd, listenUnix, SeccompListener } from '../../../ffi/mod.ts'
import { isCompiled } from '../../own-program.ts'
import type { Watcher, WatchListener } from '../watcher.ts'
import { SECCOMP_PROFILE_FILE, watchedProfileText } from './profile.ts'
import type { WorkerMessage, WorkerStart } from './worker.ts'

type Held = Extract<WorkerMessage, { kind: 'held' }>

export class SeccompWatcher implements Watcher {
  readonly power = 'seccomp'
  readonly seccompProfile: string
  readonly #socket: number
  readonly #wake = createEventfd()

  /** Puts the listener's socket and the profile into `folder`. Throws AcgError if there is no profile to build on. */
  constructor(
    folder: string,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {
    const path = join(folder, 'seccomp.sock')
    this.#socket = listenUnix(path)
    this.seccompProfile = join(folder, SECCOMP_PROFILE_FILE)
    writeFileSync(this.seccompProfile, watchedProfileText(path))
  }

  start(): void {
    const worker = new Worker(workerFile())
    worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.kind === 'attached') this.listener.attached(data.initPid)
      else if (data.kind === 'events') this.listener.events(data.events)
      else if (data.kind === 'held') this.#hold(data)
      else {
        worker.terminate()
        this.listener.ended()
      }
    }
    worker.onerror = (event) =>
      this.listener.failed(new Error(`the seccomp listener's thread failed: ${event.message}`))
    const start: WorkerStart = {
      listenerSocket: this.#socket,
      wake: this.#wake,
      runStartNs: this.runStartNs,
      holds: this.listener.held !== undefined,
    }
    worker.postMessage(start)
  }

  #hold({ exec, listener, cookie }: Held): void {
    this.listener.held?.(exec, () => new SeccompListener(listener).letGo(cookie))
  }

  /** Nothing to do: whom the filter asks about is decided by the filter. */
  follow(): void {}

  stop(): void {
    const one = Buffer.alloc(8)
    one.writeBigUInt64LE(1n)
    writeSync(this.#wake, one)
  }
}

/** In the binary a worker is found by its path from the entry point, whatever module asks. */
function workerFile(): string {
  return isCompiled() ? './watch/seccomp/worker.ts' : new URL('./worker.ts', import.meta.url).href
}
