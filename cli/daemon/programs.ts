// The programs in the kernel, for as long as somebody uses them: loaded for the first run, gone after the last.

import { ExecProgram } from '../watch/bpf/exec-program.ts'
import { Ownership } from './ownership.ts'

export interface Loaded {
  readonly exec: Pick<ExecProgram, 'openRun' | 'linkDescriptors'>
  readonly ownership: Pick<Ownership, 'of'>
}

/** What a connection uses of the kernel, in tests something else. */
export interface Programs {
  /** Throws BpfError. Each call wants one of `release`. */
  acquire(): Loaded
  release(): void
}

export class KernelPrograms implements Programs {
  #users = 0
  #loaded: (Loaded & { dispose(): void }) | null = null

  acquire(): Loaded {
    this.#loaded ??= load()
    this.#users++
    return this.#loaded
  }

  release(): void {
    if (--this.#users > 0) return
    this.#loaded?.dispose()
    this.#loaded = null
  }
}

function load() {
  using stack = new DisposableStack()
  const exec = stack.use(new ExecProgram())
  const ownership = stack.use(new Ownership())
  const loaded = stack.move()
  return { exec, ownership, dispose: () => loaded.dispose() }
}
