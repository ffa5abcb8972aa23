// The programs in the kernel: loaded for the first run, called by the kernel as long as there is one, and kept for a
// while after the last. Loading takes the kernel and libbpf as long as Podman takes for half a container.

import { ExecProgram } from '../watch/bpf/exec-program.ts'

/** What a run uses of them. */
export type Loaded = Pick<ExecProgram, 'openRun' | 'linkDescriptors' | 'ownerOf'>

/** What the daemon uses of the kernel, in tests something else. */
export interface Programs {
  /** Throws BpfError. Each call wants one of `release`. */
  acquire(): Loaded
  release(): void
  /** Whether they are in the kernel though nobody uses them. */
  readonly areKept: boolean
  /** Takes them out of the kernel. */
  forget(): void
}

export class KernelPrograms implements Programs {
  #users = 0
  #loaded: ExecProgram | null = null

  acquire(): Loaded {
    this.#loaded ??= new ExecProgram({ tellsOwners: true })
    if (this.#users === 0) this.#loaded.attach()
    this.#users++
    return this.#loaded
  }

  release(): void {
    if (--this.#users === 0) this.#loaded?.detach()
  }

  get areKept(): boolean {
    return this.#loaded !== null && this.#users === 0
  }

  forget(): void {
    this.#loaded?.[Symbol.dispose]()
    this.#loaded = null
  }
}
