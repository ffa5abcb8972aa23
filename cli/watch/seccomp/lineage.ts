// Who descends from whom, seen from execs alone.
//
// seccomp tells of execs, not of forks. When a process execs, the listener asks /proc for its parents, up to one that
// is known (native/listener/kin.c). A parent that has ended by then (a double fork) has left the child to the
// container's init; what still tells the family then is the process group or the session, whose leader was seen before.
// setsid() is watched for that reason: a process is asked for its family before it leaves it.

import { acg_chain_end, type acg_kin } from '../../../bpf/acg.gen.ts'
import type { ProcessId } from '../process-event.ts'
import type { Chain } from './reports.ts'

export interface Introduction {
  readonly id: ProcessId
  readonly parent: ProcessId | null
}

export class Lineage {
  /** Never forgotten: an ended leader's pid stays taken while a group or session bears it. */
  readonly #byPid = new Map<number, ProcessId>()
  #agent: ProcessId | null = null

  /** Those who were not known before, eldest first. */
  introduce({ members, end }: Chain): Introduction[] {
    const eldest = members.at(-1)
    let parent = eldest ? this.#parentOf(eldest, end) : null
    return members.toReversed().map(({ pid, start_ticks }) => {
      const introduction = { id: { pid, start_ticks }, parent }
      parent = introduction.id
      this.#byPid.set(pid, parent)
      this.#agent ??= parent
      return introduction
    })
  }

  #parentOf(eldest: acg_kin, end: Chain['end']): ProcessId | null {
    switch (end) {
      case acg_chain_end.ACG_CHAIN_KNOWN:
        return this.#byPid.get(eldest.parent_pid) ?? null
      case acg_chain_end.ACG_CHAIN_OUTSIDE:
        return null
      default:
        return this.#leader(eldest.group, eldest) ?? this.#leader(eldest.session, eldest)
    }
  }

  /** A known leader that says more than "somewhere under the agent". */
  #leader(pid: number, child: acg_kin): ProcessId | null {
    const leader = this.#byPid.get(pid)
    if (!leader || pid === child.pid || pid === this.#agent?.pid) return null
    return leader.start_ticks <= child.start_ticks ? leader : null
  }
}
