// One cgroup of acg's own making: cgroup v2, the user's, beside the container's. What is in it cannot leave, since
// inside the container /sys/fs/cgroup is read-only.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCgroupGone } from './gone.ts'

/** What a leaf tells of its time. */
export interface LeafHistory {
  /** The most it has held at once; null before Linux 5.19, which does not tell. */
  readonly peakBytes: number | null
  /** Processes that the kernel ended for want of memory. */
  readonly oomKills: number
}

export class Leaf {
  constructor(readonly folder: string) {}

  /** Throws the file system's error. */
  static make(parent: string, name: string): Leaf {
    const folder = join(parent, name)
    mkdirSync(folder)
    return new Leaf(folder)
  }

  /** Moves a process in, with all its threads; what it forks from then on follows. Throws ESRCH if it has ended. */
  place(pid: number): void {
    this.set('cgroup.procs', pid)
  }

  set(file: string, value: number | string): void {
    writeFileSync(join(this.folder, file), `${value}`)
  }

  get usedBytes(): number {
    return Number(this.#read('memory.current'))
  }

  /** null once it has been removed, as at the container's own end. */
  history(): LeafHistory | null {
    try {
      const peak = existsSync(join(this.folder, 'memory.peak')) ? Number(this.#read('memory.peak')) : null
      const oomKills = Number(/^oom_kill (\d+)/m.exec(this.#read('memory.events'))?.[1] ?? 0)
      return { peakBytes: peak, oomKills }
    } catch (error) {
      if (isCgroupGone(error)) return null
      throw error
    }
  }

  /** What the kernel could not just drop: all but the cache of files. 0 once it has been removed. */
  heldBytes(): number {
    return heldBytes(this.folder)
  }

  setHigh(bytes: number): void {
    this.#setIfThere('memory.high', bytes)
  }

  /** Ends every process in it at once. */
  kill(): void {
    this.#setIfThere('cgroup.kill', 1)
  }

  #setIfThere(file: string, value: number): void {
    try {
      this.set(file, value)
    } catch (error) {
      if (!isCgroupGone(error)) throw error
    }
  }

  pids(): number[] {
    return this.#read('cgroup.procs').split('\n').filter(Boolean).map(Number)
  }

  /** Removes it; false while a process is in it. */
  remove(): boolean {
    try {
      rmdirSync(this.folder)
      return true
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return true
      if (code === 'EBUSY') return false
      throw error
    }
  }

  #read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8')
  }
}

/** Of a cgroup and all below it. */
export function heldBytes(folder: string): number {
  try {
    const used = Number(readFileSync(join(folder, 'memory.current'), 'utf8'))
    const stat = readFileSync(join(folder, 'memory.stat'), 'utf8')
    const cache = ['active_file', 'inactive_file'].map((name) =>
      Number(new RegExp(`^${name} (\\d+)`, 'm').exec(stat)?.[1] ?? 0),
    )
    return Math.max(
      0,
      cache.reduce((left, bytes) => left - bytes, used),
    )
  } catch (error) {
    if (isCgroupGone(error)) return 0
    throw error
  }
}
