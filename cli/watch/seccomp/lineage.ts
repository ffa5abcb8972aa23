// Who descends from whom, seen from execs alone.
//
// seccomp tells of execs, not of forks. When a process execs, its parents are asked of /proc, up to one that
// is known. A parent that has ended by then (a double fork) has left the child to the container's init; what
// still tells the family then is the process group or the session, whose leader was seen before. setsid() is
// watched for that reason: a process is asked for its family before it leaves it.

import { type ProcessStat, readStat } from '../../procfs/stat.ts'
import type { ProcessId } from '../process-event.ts'

export interface Introduction {
  readonly id: ProcessId
  readonly parent: ProcessId | null
}

const MOST_GENERATIONS = 1000

export class Lineage {
  /** Never forgotten: an ended leader's pid stays taken while a group or session bears it. */
  readonly #byPid = new Map<number, ProcessId>()
  #agent: ProcessId | null = null

  constructor(
    private readonly initPid: number,
    private readonly stat: (pid: number) => ProcessStat | null = readStat,
  ) {}

  /**
   * The process, and those that were not known before: it and its ancestors, eldest first. null if it is gone.
   */
  introduce(pid: number): { id: ProcessId; introduced: Introduction[] } | null {
    const strangers: ProcessStat[] = []
    let parent: ProcessId | null = null
    let lost = 0
    for (let at = pid; strangers.length < MOST_GENERATIONS; ) {
      const now = this.stat(at)
      if (!now) {
        const child = strangers.pop()
        if (!child) return null
        if (at === lost) {
          // Its child still has it: it lives, and /proc hides it (hidepid).
          strangers.push(child)
          parent = this.#family(child)
          break
        }
        // A parent that ended between two looks: by now its child has another one.
        lost = at
        at = child.pid
        continue
      }
      const known = this.#byPid.get(at)
      if (known?.start_ticks === now.startTicks) {
        parent = known
        break
      }
      strangers.push(now)
      if (now.parentPid === this.initPid || now.parentPid <= 1) {
        parent = now.parentPid === this.initPid ? this.#family(now) : null
        // Not under the container's init: entered from outside (`podman exec`), so its elders are not ours.
        if (now.parentPid <= 1) strangers.splice(1)
        break
      }
      at = now.parentPid
    }

    const introduced: Introduction[] = []
    for (const { pid: stranger, startTicks } of strangers.reverse()) {
      const id: ProcessId = { pid: stranger, start_ticks: startTicks }
      this.#byPid.set(stranger, id)
      this.#agent ??= id
      introduced.push({ id, parent })
      parent = id
    }
    return parent && { id: parent, introduced }
  }

  /** Takes back an introduction that cannot be relied on. */
  forget(ids: readonly ProcessId[]): void {
    for (const { pid } of ids) {
      this.#byPid.delete(pid)
      if (this.#agent?.pid === pid) this.#agent = null
    }
  }

  #family(child: ProcessStat): ProcessId | null {
    return this.#leader(child.group, child) ?? this.#leader(child.session, child)
  }

  /** A known leader that says more than "somewhere under the agent". */
  #leader(pid: number, child: ProcessStat): ProcessId | null {
    const leader = this.#byPid.get(pid)
    if (!leader || pid === child.pid || pid === this.#agent?.pid) return null
    return leader.start_ticks <= child.startTicks ? leader : null
  }
}
