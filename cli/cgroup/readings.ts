// What the files of a cgroup v2 say of its memory and its progress.

import { join } from 'node:path'
import { isCgroupGone } from './gone.ts'
import { KeptFile } from './kept-file.ts'

export interface MemoryReadings {
  /** `memory.current`. */
  readonly usedBytes: number
  /** What of it the kernel can drop at no cost: `active_file` and `inactive_file` of `memory.stat`. */
  readonly cacheBytes: number
  /** What of that cache programs have mapped, their own text above all: `file_mapped`. */
  readonly mappedBytes: number
}

export interface ProgressReadings {
  /** `high` of `memory.events`. */
  readonly crossings: number
  /** The total of `full` in `memory.pressure`; 0 where the kernel counts no pressure. */
  readonly stalledUs: number
  /** `usage_usec` of `cpu.stat`. */
  readonly cpuUs: number
}

/** Of one cgroup and all below it. What has been read once stays open until it is disposed of. */
export class CgroupReadings implements Disposable {
  readonly #files = new Map<string, KeptFile>()

  constructor(private readonly folder: string) {}

  /** `memory.current`; null once the cgroup has been removed. */
  usedBytes(): number | null {
    const text = this.#text('memory.current')
    return text === null ? null : Number(text)
  }

  /** null once the cgroup has been removed. */
  memory(): MemoryReadings | null {
    const usedBytes = this.usedBytes()
    const stat = this.#text('memory.stat')
    if (usedBytes === null || stat === null) return null
    const cacheBytes = numberAfter('active_file ', stat) + numberAfter('inactive_file ', stat)
    // Mapped shared memory is counted as well, and is no cache.
    return { usedBytes, cacheBytes, mappedBytes: Math.min(cacheBytes, numberAfter('file_mapped ', stat)) }
  }

  /** null once the cgroup has been removed. */
  progress(): ProgressReadings | null {
    const events = this.#text('memory.events')
    const cpu = this.#text('cpu.stat')
    if (events === null || cpu === null) return null
    return {
      crossings: numberAfter('high ', events),
      stalledUs: fullStallUs(this.#text('memory.pressure') ?? ''),
      cpuUs: numberAfter('usage_usec ', cpu),
    }
  }

  /** Whether `cgroup.freeze` asks for it; false once the cgroup has been removed. */
  isFrozen(): boolean {
    return this.#text('cgroup.freeze')?.trim() === '1'
  }

  /** Whether everything in it stands; true once the cgroup has been removed. */
  hasFrozen(): boolean {
    const events = this.#text('cgroup.events')
    return events === null || numberAfter('frozen ', events) === 1
  }

  /** What the kernel could not just drop: all but the cache of files. 0 once the cgroup has been removed. */
  heldBytes(): number {
    const memory = this.memory()
    return memory === null ? 0 : Math.max(0, memory.usedBytes - memory.cacheBytes)
  }

  /** null where there is no such file, or no such cgroup any more. */
  #text(name: string): string | null {
    const file = this.#files.get(name) ?? KeptFile.openIfThere(join(this.folder, name))
    if (file === null) return null
    this.#files.set(name, file)
    try {
      return file.text()
    } catch (error) {
      if (isCgroupGone(error)) return null
      throw error
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]()
    this.#files.clear()
  }
}

function fullStallUs(pressure: string): number {
  return Number(/^full .*total=(\d+)/m.exec(pressure)?.[1] ?? 0)
}

/** The number after `name` at the beginning of a line; 0 if there is none. */
function numberAfter(name: string, lines: string): number {
  const lineAt = `\n${lines}`.indexOf(`\n${name}`)
  return lineAt < 0 ? 0 : Number.parseInt(lines.slice(lineAt + name.length), 10)
}
