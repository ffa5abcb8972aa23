// What processes of a call held before they came into its leaf. It stays charged to whom they came from, so the leaf's own
// peak is too low by it.

import type { ProcessMemory } from '../procfs/memory.ts'

interface Brought {
  readonly heldBytes: number
  readonly highestBytes: number
}

const NOTHING: Brought = { heldBytes: 0, highestBytes: 0 }

export class BroughtAlong {
  readonly #calls = new Map<number, Brought>()

  /** `memory` is what a process of the call, with pages of its own, held just before it was moved. */
  add(call: number, { resident, highest, unfiled }: ProcessMemory): void {
    const before = this.#of(call)
    this.#calls.set(call, {
      heldBytes: before.heldBytes + unfiled,
      // What it had given back by then was hardly its program's file.
      highestBytes: Math.max(before.highestBytes, unfiled + highest - resident),
    })
  }

  /** The most that the call held, as far as that can be known: at its leaf's peak it may have given some of it back. */
  peakBytes(call: number, leafPeakBytes: number): number {
    const { heldBytes, highestBytes } = this.#of(call)
    return Math.max(leafPeakBytes + heldBytes, highestBytes)
  }

  #of(call: number): Brought {
    return this.#calls.get(call) ?? NOTHING
  }
}
