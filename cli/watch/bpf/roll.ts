// The processes of a run that live, as its ring tells of them. Nothing is told twice, and what the ring lost is
// made good: an exec without its fork brings it along, and after a loss the roll is called against /proc, again and
// again for as long as somebody lives whom the ring has never named: nothing else would tell of his end.

import { hasEnded, type ProcessStat } from '../../procfs/stat.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import {
  type ExecDetails,
  type ForkEvent,
  isSameProcess,
  type ProcessEvent,
  type ProcessId,
  type ProcessKey,
  processKey,
} from '../process-event.ts'
import type { Decoded } from './decode.ts'

/** What is asked of /proc once something was lost. */
export interface ProcessTable {
  all(): ProcessStat[]
  /** null if it is gone. */
  stat(pid: number): ProcessStat | null
  /** What a process runs by now; null if it is gone. */
  execOf(pid: number): ExecDetails | null
}

interface Entry extends ProcessId {
  hasExeced: boolean
  /** Which of its execs was told last: the ring may tell one twice. */
  execNumber: number | null
}

interface Ended extends ProcessId {
  /** As of wait(2); null if nobody knows it any more. */
  readonly exitStatus: number | null
}

export class Roll {
  readonly #living = new Map<ProcessKey, Entry>()
  /** Found in /proc alone: a process without a mark, or one whose first events were lost. */
  readonly #unnamed = new Set<ProcessKey>()
  /** The container's init, whose children have no parent that counts. Known from its first fork. */
  #root: ProcessId | null = null

  /** Whether somebody lives of whose end only another call against /proc can tell. */
  get hasUnnamed(): boolean {
    return this.#unnamed.size > 0
  }

  /** Tells what an event of the ring means. */
  handle(told: Decoded, tell: (event: ProcessEvent) => void): void {
    const { event } = told
    const key = processKey(event)
    if (this.#unnamed.size > 0) this.#unnamed.delete(key)
    switch (told.kind) {
      case 'exit':
        if (this.#living.delete(key) && !told.isOfRoot) tell(event)
        return
      case 'fork':
        if (told.isOfRoot) this.#root ??= told.event.parent
        if (!this.#living.has(key)) tell(this.#begin(key, told.event))
        return
      case 'exec': {
        const { time_ms, pid, start_ticks } = event
        if (!this.#living.has(key))
          tell(this.#begin(key, { event: 'fork', time_ms, pid, start_ticks, parent: told.parent }))
        const entry = this.#living.get(key) as Entry
        if (entry.execNumber === told.number) return
        entry.hasExeced = true
        entry.execNumber = told.number
        tell(event)
      }
    }
  }

  /** Returns what is told of it. */
  #begin(key: ProcessKey, fork: ForkEvent): ForkEvent {
    const { pid, start_ticks } = fork
    this.#living.set(key, { pid, start_ticks, hasExeced: false, execNumber: null })
    return this.#isRoot(fork.parent) ? { ...fork, parent: null } : fork
  }

  #isRoot(id: ProcessId | null): boolean {
    return id !== null && this.#root !== null && isSameProcess(id, this.#root)
  }

  /**
   * After a loss: tells of what ended or began unseen. Of a process that is known to have executed something it is
   * not asked whether it did so again: a program may rewrite what /proc says of it.
   */
  callAgainst(table: ProcessTable, timeMs: number): ProcessEvent[] {
    const present = new Map(table.all().map((stat) => [stat.pid, stat]))
    const ended = this.#tellEnds(
      this.#endedBy((pid) => present.get(pid) ?? null),
      timeMs,
    )
    const begun = this.#belowRoot([...present.values()]).flatMap(({ stat, parent }) => {
      const id = idOf(stat)
      const key = processKey(id)
      const told: ProcessEvent[] = []
      if (!this.#living.has(key)) {
        told.push(this.#begin(key, { event: 'fork', time_ms: timeMs, ...id, parent }))
        this.#unnamed.add(key)
      }
      const entry = this.#living.get(key) as Entry
      const exec = entry.hasExeced ? null : table.execOf(stat.pid)
      if (exec === null) return told
      entry.hasExeced = true
      told.push({ event: 'exec', time_ms: timeMs, ...id, ...exec })
      return told
    })
    return [...ended, ...begun]
  }

  /**
   * Tells of those who have ended, if nobody told it. The kernel tells of an end before anyone can see it, so
   * `hearMore` is to take in what is in the ring by then; who is still here after that was missed.
   */
  missedEnds(table: ProcessTable, timeMs: number, hearMore: () => void): ProcessEvent[] {
    const ended = this.#endedBy((pid) => table.stat(pid))
    if (ended.length > 0) hearMore()
    return this.#tellEnds(ended, timeMs)
  }

  #tellEnds(ended: readonly Ended[], timeMs: number): ProcessEvent[] {
    return ended.flatMap(({ pid, start_ticks, exitStatus }) => {
      const key = processKey({ pid, start_ticks })
      this.#unnamed.delete(key)
      if (!this.#living.delete(key)) return []
      return [{ event: 'exit', time_ms: timeMs, pid, start_ticks, ...decodeStatus(exitStatus) }]
    })
  }

  #endedBy(statOf: (pid: number) => ProcessStat | null): Ended[] {
    return [...this.#living.values()].flatMap(({ pid, start_ticks }) => {
      const now = statOf(pid)
      const stat = now?.startTicks === start_ticks ? now : null
      if (stat && !hasEnded(stat)) return []
      return [{ pid, start_ticks, exitStatus: stat?.exitStatus ?? null }]
    })
  }

  /** What lives below the run's first process, parents first. */
  #belowRoot(stats: readonly ProcessStat[]): { stat: ProcessStat; parent: ProcessId }[] {
    const children = Map.groupBy(
      stats.filter((stat) => !hasEnded(stat)),
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
