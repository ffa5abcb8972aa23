// Samples a run: what the container uses, and what each call's processes hold. CPU is a rate over the interval
// since the sample before, never an average since the start.

import { readdirSync } from 'node:fs'
import type { CallTracker } from '../calls/tracker.ts'
import type { ContainerCgroup, Usage } from '../cgroup/container-cgroup.ts'
import { isCgroupGone } from '../cgroup/gone.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { memoryOf } from '../procfs/memory.ts'
import { type ProcessStat, readStat, TICKS_PER_SECOND } from '../procfs/stat.ts'
import type { Sample, UsageSource } from '../record/schema.ts'

interface Process {
  readonly stat: ProcessStat
  readonly call: number | null
}

export class Sampler {
  readonly #cgroup: ContainerCgroup | null
  /** Processes that were found to be no part of the container, where only /proc can tell. */
  #strangers = new Set<number>()
  #before: { readonly timeMs: number; readonly cpuUs: number } | null = null

  /** With leaves, `cgroup` is what they are in. */
  constructor(
    private readonly initPid: number,
    cgroup: ContainerCgroup | null,
    private readonly calls: CallTracker,
    private readonly leaves: RunLeaves | null = null,
  ) {
    this.#cgroup = cgroup
  }

  get source(): UsageSource {
    return this.#cgroup?.source ?? 'process-rss'
  }

  get callSource(): UsageSource {
    return this.leaves ? 'cgroup2' : 'process-rss'
  }

  /** What is there now; null once the container is gone. */
  take(timeMs: number): Sample | null {
    try {
      return this.#take(timeMs)
    } catch (error) {
      if (isCgroupGone(error)) return null
      throw error
    }
  }

  #take(timeMs: number): Sample | null {
    const processes = this.leaves ? [] : this.#processes()
    const usage = this.#usage(processes)
    if (usage === null) return null
    return {
      time_ms: timeMs,
      memory_bytes: usage.memoryBytes,
      cpu_percent: this.#cpuPercent(timeMs, usage.cpuUs),
      memory_pressure_some_us: usage.memoryPressureUs,
      calls: this.leaves ? callsIn(this.leaves) : this.#callsAmong(processes),
    }
  }

  #callsAmong(processes: readonly Process[]): Sample['calls'] {
    const byCall = new Map<number, { residentBytes: number; highestBytes: number }>()
    const callOf = new Map(processes.map(({ stat, call }) => [stat.pid, call]))
    for (const { stat, call } of processes) {
      // Between its fork and its exec a call's first process has the memory of the agent.
      const isStillAgents = stat.hasNotExeced && callOf.get(stat.parentPid) !== call
      if (call === null || isStillAgents) continue
      const memory = memoryOf(stat.pid)
      if (memory === null) continue
      const sum = byCall.get(call) ?? { residentBytes: 0, highestBytes: 0 }
      sum.residentBytes += memory.residentBytes
      // What one process held at its highest, the call held too, whenever that was.
      sum.highestBytes = Math.max(sum.highestBytes, memory.highestBytes)
      byCall.set(call, sum)
    }
    for (const [call, { residentBytes, highestBytes }] of byCall) {
      this.calls.sawMemory(call, Math.max(residentBytes, highestBytes), 'process-rss')
    }
    return [...byCall].map(([call, { residentBytes }]) => ({ call, memory_bytes: residentBytes }))
  }

  /** Percent of one core since the sample before; null for the first. */
  #cpuPercent(timeMs: number, cpuUs: number | null): number | null {
    const before = this.#before
    this.#before = cpuUs === null ? null : { timeMs, cpuUs }
    if (before === null || cpuUs === null || timeMs <= before.timeMs) return null
    return Math.max(0, (cpuUs - before.cpuUs) / 10 / (timeMs - before.timeMs))
  }

  #usage(processes: readonly Process[]): Usage | null {
    if (this.#cgroup) return this.#cgroup.read()
    if (processes.length === 0) return null
    const sum = (value: (stat: ProcessStat) => number) =>
      processes.reduce((all, { stat }) => all + value(stat), 0)
    return {
      memoryBytes: sum((stat) => stat.residentPages) * PAGE_BYTES,
      // Ended processes leave this sum, so it can fall; a rate is then taken as 0.
      cpuUs: sum((stat) => stat.cpuTicks) * (1e6 / TICKS_PER_SECOND),
      memoryPressureUs: null,
    }
  }

  /** The container's processes, each with the call of its nearest known ancestor. */
  #processes(): Process[] {
    const stats = new Map<number, ProcessStat>()
    for (const pid of this.#pids()) {
      const stat = readStat(pid)
      if (stat) stats.set(pid, stat)
    }
    const found: Process[] = []
    const callOf = (stat: ProcessStat): number | null | undefined => {
      const known = this.calls.callOf({ pid: stat.pid, start_ticks: stat.startTicks })
      if (known !== undefined || stat.pid === this.initPid) return known ?? null
      const parent = stats.get(stat.parentPid)
      return parent && callOf(parent)
    }
    for (const stat of stats.values()) {
      const call = callOf(stat)
      if (call === undefined) this.#strangers.add(stat.pid)
      else found.push({ stat, call })
    }
    return found
  }

  #pids(): number[] {
    if (this.#cgroup) return this.#cgroup.pids()
    const all = readdirSync('/proc')
      .filter((name) => /^\d/.test(name))
      .map(Number)
    const now = new Set(all)
    this.#strangers = new Set([...this.#strangers].filter((pid) => now.has(pid)))
    return all.filter((pid) => !this.#strangers.has(pid))
  }
}

function callsIn(leaves: RunLeaves): Sample['calls'] {
  return [...leaves.calls()].map(([call, leaf]) => ({ call, memory_bytes: leaf.usedBytes }))
}

const PAGE_BYTES = 4096
