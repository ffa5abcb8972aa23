// Puts each process that the agent's side executes where it belongs: the runtime, a service or a call, each in its own
// leaf. It is asked while the exec is held, so the program's first page is charged to its leaf already; what it forks
// follows by itself. When a call has ended, its leaf tells what it held at most, and whether the kernel ended it.

import type { CallTracker } from '../calls/tracker.ts'
import type { Leaf } from '../cgroup/leaf.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { isAlive, processId, readProcessFile } from '../procfs/stat.ts'
import type { Control, RecordEvent } from '../record/schema.ts'
import type { ProcessId } from '../watch/process-event.ts'
import { Brake } from './brake.ts'
import { CallVoice } from './call-voice.ts'
import { outOfMemoryText } from './texts.ts'
import { makeFirstVictim } from './victim.ts'

export class Placement {
  readonly #voices = new Map<number, CallVoice>()
  /** Ended, and something of it still runs. */
  readonly #leftovers = new Set<number>()
  /** Ended by acg itself, which has been told and recorded. */
  readonly #endedHere = new Set<number>()
  /** Where there is a limit to keep below. */
  readonly #brake: Brake | null

  constructor(
    private readonly leaves: RunLeaves,
    private readonly calls: CallTracker,
    private readonly control: Control,
  ) {
    const { limitBytes } = leaves
    this.#brake = control === 'enforce' && limitBytes !== null ? new Brake(leaves, limitBytes) : null
  }

  /** Throws the file system's error; a process that has ended meanwhile is none. */
  settle(id: ProcessId): void {
    const number = this.calls.callOf(id)
    try {
      const leaf = this.#leafOf(id, number ?? null)
      if (isIn(leaf, id.pid)) return
      if (this.control === 'enforce' && typeof number === 'number') this.#guard(number, id.pid)
      leaf.place(id.pid)
    } catch (error) {
      if (isAlive(id)) throw error
    }
  }

  #leafOf(id: ProcessId, call: number | null): Leaf {
    if (call === null) return this.calls.roleOf(id) === 'service' ? this.leaves.services : this.leaves.runtime
    return this.leaves.call(call) ?? this.#newLeaf(call)
  }

  #newLeaf(call: number): Leaf {
    const leaf = this.leaves.addCall(call)
    // All of a call or nothing: half a pipeline that lives on says nothing true.
    if (this.control === 'enforce') leaf.set('memory.oom.group', 1)
    this.#brake?.look()
    return leaf
  }

  /** The agent is to lose a tool before it loses itself, and to be told. */
  #guard(call: number, pid: number): void {
    makeFirstVictim(pid)
    if (!this.#voices.has(call)) this.#voices.set(call, CallVoice.of(pid))
  }

  /** Takes in what has become of calls; returns what there is to record of it. */
  follow(events: readonly RecordEvent[]): RecordEvent[] {
    return events.flatMap((event) => {
      if (event.event === 'call_end') return this.#ended(event.call, event.time_ms)
      if (event.event === 'call_retracted') this.#retracted(event.call)
      return []
    })
  }

  #ended(call: number, timeMs: number): RecordEvent[] {
    using voice = this.#voices.get(call)
    this.#voices.delete(call)
    const history = this.leaves.call(call)?.history()
    const limitBytes = this.leaves.limitBytes
    if (!this.leaves.removeCall(call)) this.#leftovers.add(call)
    if (!history) return []
    const { peakBytes, oomKills } = history
    if (peakBytes !== null) this.calls.sawMemory(call, peakBytes, 'cgroup2')
    if (oomKills === 0 || this.#endedHere.has(call)) return []
    if (this.control === 'enforce') this.calls.sawWholeEnd(call)
    const told = voice?.say(outOfMemoryText(limitBytes, peakBytes)) ?? false
    return [this.#limit(call, timeMs, 'kernel', peakBytes, told)]
  }

  /** Sees to it that no call takes what the agent needs; returns what there is to record of it. */
  look(timeMs: number): RecordEvent[] {
    const call = this.#brake?.look() ?? null
    const leaf = call === null ? undefined : this.leaves.call(call)
    if (call === null || !leaf || this.#endedHere.has(call)) return []
    this.#endedHere.add(call)
    const peakBytes = leaf.history()?.peakBytes ?? null
    // The text first: an agent may stop reading as soon as its command has ended.
    const told = this.#voices.get(call)?.say(outOfMemoryText(this.leaves.limitBytes, peakBytes)) ?? false
    leaf.kill()
    this.calls.sawWholeEnd(call)
    return [this.#limit(call, timeMs, 'acg', peakBytes, told)]
  }

  #limit(
    call: number,
    timeMs: number,
    by: 'acg' | 'kernel',
    peakBytes: number | null,
    told: boolean,
  ): RecordEvent {
    return {
      event: 'limit',
      time_ms: timeMs,
      call,
      action: 'killed',
      by,
      peak_bytes: peakBytes,
      limit_bytes: this.leaves.limitBytes,
      told,
    }
  }

  /** It was no call: what it runs belongs elsewhere. */
  #retracted(call: number): void {
    this.#voices.get(call)?.[Symbol.dispose]()
    this.#voices.delete(call)
    for (const pid of this.leaves.call(call)?.pids() ?? []) {
      const id = processId(pid)
      if (id) this.settle(id)
    }
    if (!this.leaves.removeCall(call)) this.#leftovers.add(call)
  }

  /** Removes the leaves whose last process has ended since. */
  tidy(): void {
    for (const call of this.#leftovers) if (this.leaves.removeCall(call)) this.#leftovers.delete(call)
  }

  /** The container has ended. Returns the leaves that would not go. */
  end(): string[] {
    for (const voice of this.#voices.values()) voice[Symbol.dispose]()
    this.#voices.clear()
    return this.leaves.remove()
  }
}

function isIn(leaf: Leaf, pid: number): boolean {
  const own = readProcessFile(pid, 'cgroup')
  return own !== null && leaf.folder.endsWith(own.trim().slice('0::'.length))
}
