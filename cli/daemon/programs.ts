// The programs in the kernel: loaded for the first run, and gone ten seconds after the last. Loading them takes as long as
// a good part of a container's start, and runs often follow one another.
//
// They stay attached meanwhile. Clients hold links too, for as long as they like: were the same programs attached anew
// for each run, one who collects links would have the kernel call them as often for every process.

import { BpfError } from '../../ffi/bpf.ts'
import { LoadedPrograms } from '../watch/bpf/loaded-programs.ts'

const KEPT_MS = 10_000

/** What a run uses of them. */
export type Loaded = Pick<LoadedPrograms, 'openRun' | 'linkDescriptors' | 'ownerOf'>

/** What the daemon uses of the kernel, in tests something else. */
export interface Programs {
  /** Throws BpfError. Each call wants one of `release`. */
  acquire(): Loaded
  release(): void
  /** Whether there is something to make that the next run would wait for. */
  readonly isNextDue: boolean
  prepareNext(): void
  /** For how many ms they are still to be kept though no run uses them; null if one does, or there are none. */
  readonly keptForMs: number | null
  /** Takes them out of the kernel. */
  forget(): void
}

export class KernelPrograms implements Programs {
  #users = 0
  #loaded: LoadedPrograms | null = null
  #unusedSinceMs = 0
  #isNextDue = false

  acquire(): Loaded {
    this.#loaded ??= new LoadedPrograms({ tellsOwners: true })
    this.#users++
    this.#isNextDue = true
    return this.#loaded
  }

  release(): void {
    if (--this.#users === 0) this.#unusedSinceMs = performance.now()
  }

  get isNextDue(): boolean {
    return this.#isNextDue && this.#users > 0
  }

  prepareNext(): void {
    this.#isNextDue = false
    try {
      this.#loaded?.prepareNext()
    } catch (error) {
      // A run that is refused for the same reason tells of it, and the run after it is prepared for anew.
      if (!(error instanceof BpfError)) throw error
    }
  }

  get keptForMs(): number | null {
    if (this.#loaded === null || this.#users > 0) return null
    return Math.max(0, Math.ceil(this.#unusedSinceMs + KEPT_MS - performance.now()))
  }

  forget(): void {
    this.#loaded?.[Symbol.dispose]()
    this.#loaded = null
  }
}
