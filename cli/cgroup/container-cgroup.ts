// The cgroup that Podman made for a container, read only: what it uses, and which processes are in it.

import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { UsageSource } from '../record/schema.ts'

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

/** Reads with descriptors that stay open: a sample costs a few system calls. */
export class ContainerCgroup {
  readonly source: Layout['source']
  readonly #files: { readonly memory: number; readonly cpu: number | null; readonly pressure: number | null }
  readonly #buffer = Buffer.alloc(4096)

  private constructor(private readonly layout: Layout) {
    this.source = layout.source
    this.#files = {
      memory: openSync(layout.memory, 'r'),
      cpu: openIfThere(layout.cpu),
      pressure: layout.pressure === null ? null : openIfThere(layout.pressure),
    }
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
    const { memory, cpu, pressure } = this.#files
    const cpuText = cpu === null ? null : this.#read(cpu)
    return {
      memoryBytes: Number(this.#read(memory)),
      cpuUs:
        cpuText === null
          ? null
          : this.source === 'cgroup2'
            ? Number(match(cpuText, /^usage_usec (\d+)/m))
            : Number(cpuText) / 1000,
      memoryPressureUs:
        pressure === null ? null : Number(match(this.#read(pressure), /^some .*total=(\d+)/m)),
    }
  }

  pids(): number[] {
    return readFileSync(this.layout.processes, 'utf8').split('\n').filter(Boolean).map(Number)
  }

  #read(fd: number): string {
    return this.#buffer.toString('latin1', 0, readSync(fd, this.#buffer, 0, this.#buffer.length, 0))
  }

  [Symbol.dispose](): void {
    for (const fd of Object.values(this.#files)) if (fd !== null) closeSync(fd)
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

function openIfThere(path: string): number | null {
  return existsSync(path) ? openSync(path, 'r') : null
}
