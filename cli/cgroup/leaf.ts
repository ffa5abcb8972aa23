// One cgroup of acg's own making: cgroup v2, the user's, beside the container's. What is in it cannot leave, since
// inside the container /sys/fs/cgroup is read-only.

import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { isCgroupGone } from './gone.ts'
import { CgroupReadings, type MemoryReadings, type ProgressReadings } from './readings.ts'

/** What a leaf tells of its time. */
export interface LeafHistory {
  /** The most it has held at once; null before Linux 5.19, which does not tell. */
  readonly peakBytes: number | null
  /** Processes that the kernel ended for want of memory. */
  readonly oomKills: number
}

const MOST_ROUNDS = 10

export class Leaf {
  readonly #readings: CgroupReadings

  constructor(readonly folder: string) {
    this.#readings = new CgroupReadings(folder)
  }

  /** Throws the file system's error. */
  static make(parent: string, name: string): Leaf {
    const folder = join(parent, name)
    mkdirSync(folder)
    return new Leaf(folder)
  }

  /**
   * Nothing in it can make cgroups below: a user can mount his own cgroup, as a root, in namespaces of his own, and what
   * he left there would keep the leaf from being removed.
   */
  close(): this {
    this.set('cgroup.max.descendants', 0)
    return this
  }

  /** Moves a process in, with all its threads; what it forks from then on follows. Throws ESRCH if it has ended. */
  place(pid: number): void {
    this.set('cgroup.procs', pid)
  }

  /** A descriptor to move processes in by; null once it has been removed. */
  openForMoves(): number | null {
    try {
      return openSync(join(this.folder, 'cgroup.procs'), 'w')
    } catch (error) {
      if (isCgroupGone(error)) return null
      throw error
    }
  }

  /** Moves all that is in it elsewhere; returns whom. Throws the file system's error. */
  moveAllTo(other: Leaf): number[] {
    const moved = new Set<number>()
    // What stands forks nothing; what is just ending may be listed once more.
    this.freeze(true)
    try {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const pids = this.pids()
        if (pids.length === 0) break
        for (const pid of pids) if (other.#placeIfThere(pid)) moved.add(pid)
      }
    } finally {
      this.freeze(false)
    }
    return [...moved]
  }

  #placeIfThere(pid: number): boolean {
    try {
      this.place(pid)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
      throw error
    }
  }

  set(file: string, value: number | string): void {
    writeFileSync(join(this.folder, file), `${value}`)
  }

  /** 0 once it has been removed. */
  get usedBytes(): number {
    return this.#readings.usedBytes() ?? 0
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
    return this.#readings.heldBytes()
  }

  /** What its processes have mapped of files. 0 once it has been removed. */
  mappedBytes(): number {
    return this.#readings.memory()?.mappedBytes ?? 0
  }

  /** null once it has been removed. */
  readings(): (MemoryReadings & ProgressReadings) | null {
    const memory = this.#readings.memory()
    const progress = this.#readings.progress()
    return memory && progress && { ...memory, ...progress }
  }

  /** Where the kernel slows it. */
  setHigh(bytes: number): void {
    this.#setIfThere('memory.high', bytes)
  }

  /** What the kernel takes last of it. */
  setLow(bytes: number): void {
    this.#setIfThere('memory.low', bytes)
  }

  /** Stops every process in it, or lets it go on. What is moved in while it is frozen stops too. */
  freeze(isFrozen: boolean): void {
    this.#setIfThere('cgroup.freeze', Number(isFrozen))
  }

  /** Whether it was asked to; false once it has been removed. */
  get isFrozen(): boolean {
    return this.#readings.isFrozen()
  }

  /** Whether all that is in it stands; true once it has been removed. */
  get hasFrozen(): boolean {
    return this.#readings.hasFrozen()
  }

  /** Takes of it what the kernel can get: it may be less. */
  reclaim(bytes: number): void {
    try {
      this.#setIfThere('memory.reclaim', bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }

  /** Ends every process in it at once. */
  kill(): void {
    this.#setIfThere('cgroup.kill', 1)
  }

  /** Without waiting: since Linux 6.16 the writer of a lower memory.high has not to reclaim what is beyond it himself. */
  #setIfThere(file: string, value: number): void {
    try {
      const fd = openSync(
        join(this.folder, file),
        constants.O_WRONLY | constants.O_TRUNC | constants.O_NONBLOCK,
      )
      try {
        writeSync(fd, `${value}`)
      } finally {
        closeSync(fd)
      }
    } catch (error) {
      if (!isCgroupGone(error) || existsSync(this.folder)) throw error
    }
  }

  /** Empty once it has been removed. */
  pids(): number[] {
    try {
      return this.#read('cgroup.procs').split('\n').filter(Boolean).map(Number)
    } catch (error) {
      if (isCgroupGone(error)) return []
      throw error
    }
  }

  /** Removes it; false while a process is in it. */
  remove(): boolean {
    try {
      rmdirSync(this.folder)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EBUSY') return false
      if (code !== 'ENOENT') throw error
    }
    this.#readings[Symbol.dispose]()
    return true
  }

  #read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8')
  }
}
