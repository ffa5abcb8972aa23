// The processes of a run that live, as its ring tells of them. Nothing is told twice, and what the ring lost is
// made good: an exec without its fork brings it along, and after a loss the roll is called against /proc.

import type { ProcessStat } from '../../procfs/stat.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import { type ProcessEvent, type ProcessId, processKey } from '../process-event.ts'
import type { Decoded, ExecDetails, ExitStatus } from './decode.ts'

/** What is asked of /proc once something was lost. */
export interface ProcessTable {
  all(): ProcessStat[]
  /** What a process runs by now; null if it is gone. */
  execOf(pid: number): ExecDetails | null
}

interface Entry {
  readonly id: ProcessId
  hasExeced: boolean
}

export class Roll {
  readonly #living = new Map<string, Entry>()
  /** The container's init, whose children have no parent that counts. Known from its first fork. */
  #root: ProcessId | null = null

  constructor(private readonly runStartNs: number) {}

  #timeMs(ns: number): number {
    return Math.round((ns - this.runStartNs) / 1e3) / 1e3
  }

  /** What an event of the ring means. */
  handle(told: Decoded): ProcessEvent[] {
    const timeMs = this.#timeMs(told.timeNs)
    if (told.kind === 'exit') {
      return told.isOfRoot ? [] : this.#exit(told.id, timeMs, told.status)
    }
    if (told.kind === 'fork') {
      if (told.isOfRoot) this.#root ??= told.parent
      return this.#fork(told.id, timeMs, told.parent)
    }
    return [...this.#fork(told.id, timeMs, told.parent), ...this.#exec(told.id, timeMs, told.exec)]
  }

  #fork(id: ProcessId, timeMs: number, parent: ProcessId): ProcessEvent[] {
    if (this.#living.has(processKey(id))) return []
    this.#living.set(processKey(id), { id, hasExeced: false })
    const isOfRoot = this.#root !== null && processKey(parent) === processKey(this.#root)
    return [{ event: 'fork', time_ms: timeMs, ...id, parent: isOfRoot ? null : parent }]
  }

  #exec(id: ProcessId, timeMs: number, exec: ExecDetails): ProcessEvent[] {
    const entry = this.#living.get(processKey(id))
    if (entry) entry.hasExeced = true
    return [{ event: 'exec', time_ms: timeMs, ...id, ...exec }]
  }

  #exit(id: ProcessId, timeMs: number, status: ExitStatus): ProcessEvent[] {
    if (!this.#living.delete(processKey(id))) return []
    return [{ event: 'exit', time_ms: timeMs, ...id, ...status }]
  }

  /**
   * After a loss: tells of what ended or began unseen. Of a process that is known to have executed something it is
   * not asked whether it did so again: a program may rewrite what /proc says of it.
   */
  callAgainst(table: ProcessTable, nowNs: number): ProcessEvent[] {
    const timeMs = this.#timeMs(nowNs)
    const present = new Map(table.all().map((stat) => [processKey(idOf(stat)), stat]))
    const ended = [...this.#living.values()].flatMap(({ id }) => {
      const stat = present.get(processKey(id))
      if (stat && stat.state !== 'Z') return []
      return this.#exit(id, timeMs, decodeStatus(stat?.exitStatus ?? null))
    })
    const begun = this.#belowRoot([...present.values()]).flatMap(({ stat, parent }) => {
      const id = idOf(stat)
      const fork = this.#fork(id, timeMs, parent)
      if (this.#living.get(processKey(id))?.hasExeced) return fork
      const exec = table.execOf(stat.pid)
      return exec ? [...fork, ...this.#exec(id, timeMs, exec)] : fork
    })
    return [...ended, ...begun]
  }

  /** What lives below the run's first process, parents first. */
  #belowRoot(stats: readonly ProcessStat[]): { stat: ProcessStat; parent: ProcessId }[] {
    const children = Map.groupBy(
      stats.filter(({ state }) => state !== 'Z'),
      ({ parentPid }) => parentPid,
    )
    const found: { stat: ProcessStat; parent: ProcessId }[] = []
    const waiting = this.#root ? [this.#root] : []
    for (let parent = waiting.pop(); parent; parent = waiting.pop()) {
      for (const stat of children.get(parent.pid) ?? []) {
        found.push({ stat, parent })
        waiting.push(idOf(stat))
      }
    }
    return found
  }
}

function idOf({ pid, startTicks }: ProcessStat): ProcessId {
  return { pid, start_ticks: startTicks }
}
