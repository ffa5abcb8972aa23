// The processes of a run that live, as its ring tells of them. Nothing is told twice, and what the ring lost is
// made good: an exec without its fork brings it along, and after a loss the roll is called against /proc, again and
// again for as long as somebody lives whom the ring has never named: nothing else would tell of his end.

import { hasEnded, type ProcessStat } from '../../procfs/stat.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import { isSameProcess, type ProcessEvent, type ProcessId, processKey } from '../process-event.ts'
import type { Decoded, ExecDetails, ExitStatus } from './decode.ts'

/** What is asked of /proc once something was lost. */
export interface ProcessTable {
  all(): ProcessStat[]
  /** null if it is gone. */
  stat(pid: number): ProcessStat | null
  /** What a process runs by now; null if it is gone. */
  execOf(pid: number): ExecDetails | null
}

interface Entry {
  readonly id: ProcessId
  hasExeced: boolean
  /** Which of its execs was told last: the ring may tell one twice. */
  execNumber: number | null
}

export class Roll {
  readonly #living = new Map<string, Entry>()
  /** Found in /proc alone: a process without a mark, or one whose first events were lost. */
  readonly #unnamed = new Set<string>()
  /** The container's init, whose children have no parent that counts. Known from its first fork. */
  #root: ProcessId | null = null

  constructor(private readonly runStartNs: number) {}

  #timeMs(ns: number): number {
    return Math.round((ns - this.runStartNs) / 1e3) / 1e3
  }

  /** Whether somebody lives of whose end only another call against /proc can tell. */
  get hasUnnamed(): boolean {
    return this.#unnamed.size > 0
  }

  /** What an event of the ring means. */
  handle(told: Decoded): ProcessEvent[] {
    const key = processKey(told.id)
    const timeMs = this.#timeMs(told.timeNs)
    if (this.#unnamed.size > 0) this.#unnamed.delete(key)
    switch (told.kind) {
      case 'exit':
        return told.isOfRoot ? [] : this.#exit(key, told.id, timeMs, told.status)
      case 'fork':
        if (told.isOfRoot) this.#root ??= told.parent
        return this.#fork(key, told.id, timeMs, told.parent)
      case 'exec': {
        const fork = this.#fork(key, told.id, timeMs, told.parent)
        const exec = this.#exec(key, told.id, timeMs, told.exec, told.number)
        return fork.length > 0 ? fork.concat(exec) : exec
      }
    }
  }

  #fork(key: string, id: ProcessId, timeMs: number, parent: ProcessId | null): ProcessEvent[] {
    if (this.#living.has(key)) return []
    this.#living.set(key, { id, hasExeced: false, execNumber: null })
    const { pid, start_ticks } = id
    return [
      { event: 'fork', time_ms: timeMs, pid, start_ticks, parent: this.#isRoot(parent) ? null : parent },
    ]
  }

  #isRoot(id: ProcessId | null): boolean {
    return id !== null && this.#root !== null && isSameProcess(id, this.#root)
  }

  #exec(
    key: string,
    { pid, start_ticks }: ProcessId,
    timeMs: number,
    exec: ExecDetails,
    number: number | null = null,
  ): ProcessEvent[] {
    const entry = this.#living.get(key)
    if (entry) {
      if (number !== null && entry.execNumber === number) return []
      entry.hasExeced = true
      entry.execNumber = number
    }
    return [{ event: 'exec', time_ms: timeMs, pid, start_ticks, ...exec }]
  }

  #exit(key: string, { pid, start_ticks }: ProcessId, timeMs: number, status: ExitStatus): ProcessEvent[] {
    if (!this.#living.delete(key)) return []
    const { exit_code, signal } = status
    return [{ event: 'exit', time_ms: timeMs, pid, start_ticks, exit_code, signal }]
  }

  /**
   * After a loss: tells of what ended or began unseen. Of a process that is known to have executed something it is
   * not asked whether it did so again: a program may rewrite what /proc says of it.
   */
  callAgainst(table: ProcessTable, nowNs: number): ProcessEvent[] {
    const timeMs = this.#timeMs(nowNs)
    const present = new Map(table.all().map((stat) => [stat.pid, stat]))
    const ended = this.#tellEnds(
      this.#endedBy((pid) => present.get(pid) ?? null),
      timeMs,
    )
    const begun = this.#belowRoot([...present.values()]).flatMap(({ stat, parent }) => {
      const id = idOf(stat)
      const key = processKey(id)
      const fork = this.#fork(key, id, timeMs, parent)
      if (fork.length > 0) this.#unnamed.add(key)
      if (this.#living.get(key)?.hasExeced) return fork
      const exec = table.execOf(stat.pid)
      return exec ? [...fork, ...this.#exec(key, id, timeMs, exec)] : fork
    })
    return [...ended, ...begun]
  }

  /**
   * Tells of those who have ended, if nobody told it. The kernel tells of an end before anyone can see it, so
   * `hearMore` is to take in what is in the ring by then; who is still here after that was missed.
   */
  missedEnds(table: ProcessTable, nowNs: number, hearMore: () => void): ProcessEvent[] {
    const ended = this.#endedBy((pid) => table.stat(pid))
    if (ended.length > 0) hearMore()
    return this.#tellEnds(ended, this.#timeMs(nowNs))
  }

  #tellEnds(ended: readonly { id: ProcessId; status: ExitStatus }[], timeMs: number): ProcessEvent[] {
    return ended.flatMap(({ id, status }) => {
      const key = processKey(id)
      this.#unnamed.delete(key)
      return this.#exit(key, id, timeMs, status)
    })
  }

  #endedBy(statOf: (pid: number) => ProcessStat | null): { id: ProcessId; status: ExitStatus }[] {
    return [...this.#living.values()].flatMap(({ id }) => {
      const now = statOf(id.pid)
      const stat = now?.startTicks === id.start_ticks ? now : null
      if (stat && !hasEnded(stat)) return []
      return [{ id, status: decodeStatus(stat?.exitStatus ?? null) }]
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
