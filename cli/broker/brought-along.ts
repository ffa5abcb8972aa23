// What processes of a call held before they came into its leaf. It stays charged to whom they came from, so the leaf's own
// peak is too low by it.

import { memoryOf, type ProcessMemory } from '../procfs/memory.ts'
import { readStat } from '../procfs/stat.ts'

interface Brought {
  readonly heldBytes: number
  readonly highestBytes: number
}

const NOTHING: Brought = { heldBytes: 0, highestBytes: 0 }

export class BroughtAlong {
  readonly #calls = new Map<number, Brought>()

  /** Has a process of a call moved, and notes what it held by then. Throws what `move` throws. */
  whileMoving(call: number, pid: number, move: () => void): void {
    const before = ownMemoryOf(pid)
    move()
    // A move takes long enough for a burst.
    const memory = ownMemoryOf(pid) ?? before
    if (memory) this.add(call, memory)
  }

  add(call: number, { residentBytes, highestBytes, anonymousBytes }: ProcessMemory): void {
    const before = this.#of(call)
    this.#calls.set(call, {
      heldBytes: before.heldBytes + anonymousBytes,
      // What it had given back by then was hardly its program's file.
      highestBytes: Math.max(before.highestBytes, anonymousBytes + highestBytes - residentBytes),
    })
  }

  /** About the most that the call held: by the time of its leaf's peak it may have given back what it had brought. */
  peakBytes(call: number, leafPeakBytes: number): number {
    const { heldBytes, highestBytes } = this.#of(call)
    return Math.max(leafPeakBytes + heldBytes, highestBytes)
  }

  #of(call: number): Brought {
    return this.#calls.get(call) ?? NOTHING
  }
}

/** null as long as it has executed nothing: it shares its pages with who forked it. */
function ownMemoryOf(pid: number): ProcessMemory | null {
  return readStat(pid)?.hasNotExeced ? null : memoryOf(pid)
}
