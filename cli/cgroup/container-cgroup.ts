// The cgroup that Podman made for a container, read only: what it uses, and which processes are in it.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UsageSource } from '../record/schema.ts'
import { KeptFile } from './kept-file.ts'

export interface Usage {
  readonly memoryBytes: number | null
  /** CPU time since the cgroup began. */
  readonly cpuUs: number | null
  /** Time in which some task waited for memory, since the cgroup began. */
  readonly memoryPressureUs: number | null
}

interface Layout {
  readonly source: Extract<UsageSource, 'cgroup1' | 'cgroup2'>
  readonly processes: string
  readonly memory: string
  readonly cpu: string
  readonly pressure: string | null
}

export const CGROUP_ROOT = '/sys/fs/cgroup'

export class ContainerCgroup {
  readonly source: Layout['source']
  readonly #memory: KeptFile
  readonly #cpu: KeptFile | null
  readonly #pressure: KeptFile | null

  private constructor(private readonly layout: Layout) {
    this.source = layout.source
    this.#memory = KeptFile.open(layout.memory)
    this.#cpu = KeptFile.openIfThere(layout.cpu)
    this.#pressure = layout.pressure === null ? null : KeptFile.openIfThere(layout.pressure)
  }

  /** The cgroup of the process `pid`; null if it shares one with what is not its container. */
  static ofProcess(pid: number): ContainerCgroup | null {
    const layout = findLayout(
      readFileSync(`/proc/${pid}/cgroup`, 'utf8'),
      readFileSync('/proc/self/cgroup', 'utf8'),
    )
    return layout && existsSync(layout.memory) ? new ContainerCgroup(layout) : null
  }

  /** A whole cgroup v2 with all that is below it. */
  static ofFolder(folder: string): ContainerCgroup {
    return new ContainerCgroup(unifiedLayout(folder))
  }

  /** Throws the file system's error once the cgroup is gone. */
  read(): Usage {
    return {
      memoryBytes: Number(this.#memory.text()),
      cpuUs: this.#cpu && this.#cpuUs(this.#cpu.text()),
      memoryPressureUs: this.#pressure && Number(match(this.#pressure.text(), /^some .*total=(\d+)/m)),
    }
  }

  #cpuUs(text: string): number {
    return this.source === 'cgroup2' ? Number(match(text, /^usage_usec (\d+)/m)) : Number(text) / 1000
  }

  pids(): number[] {
    return readFileSync(this.layout.processes, 'utf8').split('\n').filter(Boolean).map(Number)
  }

  [Symbol.dispose](): void {
    for (const file of [this.#memory, this.#cpu, this.#pressure]) file?.[Symbol.dispose]()
  }
}

function match(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? 'NaN'
}

/** From /proc/PID/cgroup of the container's init and of acg itself, proc_pid_cgroup(5). */
export function findLayout(containerCgroups: string, ownCgroups: string): Layout | null {
  const path = (text: string, controller: string) =>
    new RegExp(`^\\d+:${controller}:(.*)$`, 'm').exec(text)?.[1]
  const unified = path(containerCgroups, '')
  const memory = path(containerCgroups, 'memory')
  if (memory !== undefined) {
    const cpu = path(containerCgroups, '(?:\\w+,)*cpuacct(?:,\\w+)*') ?? '/'
    if (memory === path(ownCgroups, 'memory') || memory === '/') return null
    const folder = join(CGROUP_ROOT, 'memory', memory)
    return {
      source: 'cgroup1',
      processes: join(folder, 'cgroup.procs'),
      memory: join(folder, 'memory.usage_in_bytes'),
      cpu: join(CGROUP_ROOT, 'cpuacct', cpu, 'cpuacct.usage'),
      pressure: null,
    }
  }
  if (unified === undefined || unified === '/' || unified === path(ownCgroups, '')) return null
  return unifiedLayout(join(CGROUP_ROOT, unified))
}

function unifiedLayout(folder: string): Layout {
  return {
    source: 'cgroup2',
    processes: join(folder, 'cgroup.procs'),
    memory: join(folder, 'memory.current'),
    cpu: join(folder, 'cpu.stat'),
    pressure: join(folder, 'memory.pressure'),
  }
}
