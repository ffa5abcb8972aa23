// Whose a process is: the kernel says who made the user namespace that it lives in (bpf/owner.bpf.c). A user's
// rootless containers live in namespaces of his own; nobody else can put a process there.

import { readFileSync } from 'node:fs'
import { acg_owner } from '../../bpf/acg.gen.ts'
import { OWNER_OBJECT } from '../../dist/native/embedded.js'
import { BpfObject } from '../../ffi/bpf.ts'

const ROOT = 0

export class Ownership implements Disposable {
  readonly #program = new BpfObject('acg_owner', readFileSync(OWNER_OBJECT))

  /** Whether the process that the pidfd names is `uid`'s; null if it has ended. Throws BpfError if it is no pidfd. */
  isOf(uid: number, pidfd: number): boolean | null {
    const told = this.#program.readAbout(pidfd)
    if (told.length !== acg_owner.bytes) return null
    const owner = acg_owner.read(new DataView(told.buffer, told.byteOffset), 0)
    return uid === ROOT || (owner.level > 0 && owner.uid === uid)
  }

  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]()
  }
}
