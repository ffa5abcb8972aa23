// What the files of a cgroup v2 say of its memory and its progress.

import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { isCgroupGone } from './gone.ts'

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

/** `memory.current`, with a descriptor that stays open: it is read more often than anything else. */
export class UsedBytes implements Disposable {
  readonly #fd: number
  readonly #buffer = Buffer.alloc(32)

  /** Throws the file system's error. */
  constructor(folder: string) {
    this.#fd = openSync(join(folder, 'memory.current'), 'r')
  }

  /** null once the cgroup has been removed. */
  read(): number | null {
    return unlessGone(() =>
      Number(this.#buffer.toString('latin1', 0, readSync(this.#fd, this.#buffer, 0, this.#buffer.length, 0))),
    )
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }
}

/** Whether `cgroup.freeze` asks for it; false once the cgroup has been removed. */
export function readIsFrozen(folder: string): boolean {
  return unlessGone(() => text(folder, 'cgroup.freeze').trim() === '1') ?? false
}

/** Whether everything in it stands; true once the cgroup has been removed. */
export function readHasFrozen(folder: string): boolean {
  return unlessGone(() => /^frozen 1$/m.test(text(folder, 'cgroup.events'))) ?? true
}

/** Of a cgroup and all below it; null once it has been removed. */
export function readMemory(folder: string): MemoryReadings | null {
  return unlessGone(() => {
    const stat = text(folder, 'memory.stat')
    const cacheBytes = numberAfter('active_file ', stat) + numberAfter('inactive_file ', stat)
    return {
      usedBytes: Number(text(folder, 'memory.current')),
      cacheBytes,
      // Mapped shared memory is counted as well, and is no cache.
      mappedBytes: Math.min(cacheBytes, numberAfter('file_mapped ', stat)),
    }
  })
}

/** null once the cgroup has been removed. */
export function readProgress(folder: string): ProgressReadings | null {
  return unlessGone(() => ({
    crossings: numberAfter('high ', text(folder, 'memory.events')),
    stalledUs: existsSync(join(folder, 'memory.pressure')) ? fullStallUs(text(folder, 'memory.pressure')) : 0,
    cpuUs: numberAfter('usage_usec ', text(folder, 'cpu.stat')),
  }))
}

/** What the kernel could not just drop: all but the cache of files. 0 once the cgroup has been removed. */
export function heldBytes(folder: string): number {
  const memory = readMemory(folder)
  return memory === null ? 0 : Math.max(0, memory.usedBytes - memory.cacheBytes)
}

function fullStallUs(pressure: string): number {
  return Number(/^full .*total=(\d+)/m.exec(pressure)?.[1] ?? 0)
}

function numberAfter(name: string, lines: string): number {
  return Number(new RegExp(`^${name}(\\d+)`, 'm').exec(lines)?.[1] ?? 0)
}

function text(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}

function unlessGone<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch (error) {
    if (isCgroupGone(error)) return null
    throw error
  }
}
