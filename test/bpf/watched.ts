// A family of processes under the whole watcher, its thread included, without a container.

import { BpfWatcher } from '../../cli/watch/bpf/bpf-watcher.ts'
import { grantLocally } from '../../cli/watch/bpf/local-grant.ts'
import { type Pace, RECORDING } from '../../cli/watch/bpf/pace.ts'
import {
  type LossEvent,
  type ProcessEvent,
  type ProcessId,
  type ProcessKey,
  processKey,
} from '../../cli/watch/process-event.ts'
import { Clock, clockNs } from '../../ffi/mod.ts'
import { type FirstProcess, startFirstProcess } from './first-process.ts'

export type Told = readonly (ProcessEvent | LossEvent)[]

export class Watched {
  readonly events: (ProcessEvent | LossEvent)[] = []
  /** What times in events count from. */
  readonly startNs = clockNs(Clock.MONOTONIC)
  readonly ended = Promise.withResolvers<void>()
  readonly first: FirstProcess['child']
  readonly pid: number
  readonly watcher: BpfWatcher

  constructor(
    script: string,
    {
      ringBytes,
      pace = RECORDING,
      came,
    }: { ringBytes?: number; pace?: Pace; came?: (events: Told) => void } = {},
  ) {
    const first = startFirstProcess(script)
    this.first = first.child
    this.pid = first.pid
    const listener = {
      attached: () => {},
      events: (events: Told) => {
        came?.(events)
        this.events.push(...events)
      },
      ended: () => this.ended.resolve(),
      failed: (error: Error) => this.ended.reject(error),
    }
    this.watcher = new BpfWatcher(() => grantLocally(pace, ringBytes), this.startNs, listener)
    this.watcher.start()
    this.watcher.follow(this.pid)
    first.go()
  }

  async end(): Promise<void> {
    this.first.kill('SIGKILL')
    await this.first.exited
    this.watcher.stop()
    await this.ended.promise
  }

  get lost(): LossEvent[] {
    return this.events.filter((event) => event.event === 'loss')
  }

  /** Who lives, as was told, by pid. */
  get living(): ProcessId[] {
    const living = new Map<ProcessKey, ProcessId>()
    for (const event of this.events) {
      if (event.event === 'fork')
        living.set(processKey(event), { pid: event.pid, start_ticks: event.start_ticks })
      if (event.event === 'exit') living.delete(processKey(event))
    }
    return [...living.values()].sort((a, b) => a.pid - b.pid)
  }
}
