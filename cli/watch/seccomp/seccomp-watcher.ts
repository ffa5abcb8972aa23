// Watches a container's execs by seccomp user notification. They are answered by a thread in C (native/listener); here
// is what its reports mean.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Clock,
  type ConnectedSocket,
  clockNs,
  connectedSocket,
  foresee,
  foreseeNobody,
  letGo,
  listenForCalls,
  listenUnix,
} from '../../../ffi/mod.ts'
import { CALL_LEAF_PATH } from '../../cgroup/leaf-names.ts'
import { TICKS_PER_SECOND } from '../../procfs/stat.ts'
import { type ProcessEvent, type ProcessKey, processKey } from '../process-event.ts'
import type { Door, Watcher, WatchListener } from '../watcher.ts'
import { Lineage } from './lineage.ts'
import { SECCOMP_PROFILE_FILE, watchedProfileText } from './profile.ts'
import { type Report, ReportStream } from './reports.ts'

export class SeccompWatcher implements Watcher {
  readonly power = 'seccomp'
  readonly door: Door = {
    foresee: (newcomer) => foresee(newcomer, this.#heard),
    foreseeNobody,
  }
  readonly seccompProfile: string
  readonly #socket: number
  readonly #bootMinusMonotonicNs = clockNs(Clock.BOOTTIME) - clockNs(Clock.MONOTONIC)
  readonly #stream = new ReportStream()
  readonly #lineage = new Lineage()
  #thread: ConnectedSocket | null = null
  #isStopping = false
  #hasFailed = false
  #events: ProcessEvent[] = []
  /** Of how many execs it was told that were held or foreseen. */
  #heard = 0
  /** A signal, or a freezer, interrupts who is held; then it asks for the same exec again, which has been told. */
  readonly #interrupted = new Map<ProcessKey, string>()

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
    void this.#start().catch((error) => this.#fail(error as Error))
  }

  async #start(): Promise<void> {
    const holds = this.listener.held !== undefined
    this.#thread = await connectedSocket(listenForCalls(this.#socket, holds ? CALL_LEAF_PATH : null), {
      data: (_, bytes) => this.#read(bytes),
      close: () => this.#closed(),
    })
    if (this.#isStopping) this.stop()
  }

  /** What comes after it means nothing any more. */
  #fail(error: Error): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.listener.failed(error)
  }

  #read(bytes: Buffer): void {
    if (this.#hasFailed) return
    try {
      for (const report of this.#stream.read(bytes)) this.#take(report)
      this.#flush()
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #closed(): void {
    if (this.#isStopping) this.listener.ended()
    else this.#fail(new Error('the thread that answers seccomp notifications ended'))
  }

  #flush(): void {
    if (this.#events.length === 0) return
    const events = this.#events
    this.#events = []
    this.listener.events(events)
  }

  #timeMs(ns: number): number {
    return (ns - this.runStartNs) / 1e6
  }

  #take(report: Report): void {
    const { id, kind } = report
    const timeMs = this.#timeMs(report.timeNs)
    if (kind === 'attached') this.listener.attached(id.pid)
    else if (kind === 'chain') {
      for (const { id, parent } of this.#lineage.introduce(report.chain))
        this.#events.push({
          event: 'fork',
          time_ms: Math.min(this.#startMs(id.start_ticks), timeMs),
          ...id,
          parent,
        })
    } else if (kind === 'exit') {
      this.#interrupted.delete(processKey(id))
      this.#events.push({ event: 'exit', time_ms: timeMs, ...id, ...report.status })
    } else this.#takeExec(report, timeMs)
  }

  #takeExec(
    { id, exec, held, placed, environment }: Extract<Report, { kind: 'exec' }>,
    timeMs: number,
  ): void {
    const key = processKey(id)
    const words = JSON.stringify([exec.file, exec.argv])
    const isAgain = this.#interrupted.get(key) === words
    this.#interrupted.delete(key)
    if (!isAgain) this.#events.push({ event: 'exec', time_ms: timeMs, ...id, ...exec })
    if (!held && !placed) return
    this.#heard++
    this.#flush()
    this.listener.held?.({ id, argv: exec.argv, environment, placed }, () => {
      if (held && !letGo(held.listener, held.cookie)) this.#interrupted.set(key, words)
    })
  }

  #startMs(ticks: number): number {
    return this.#timeMs((ticks * 1e9) / TICKS_PER_SECOND - this.#bootMinusMonotonicNs)
  }

  /** Nothing to do: whom the filter asks about is decided by the filter. */
  follow(): void {}

  stop(): void {
    this.#isStopping = true
    this.#thread?.write('.')
  }
}
