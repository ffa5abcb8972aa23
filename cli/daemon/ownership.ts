// Whose a process is: the kernel says who made the user namespace that it lives in (bpf/owner.bpf.c), and the one that
// its pid namespace belongs to. A user's rootless containers live in namespaces of his own; nobody else can put a process
// there, or make a pid namespace that belongs to one of them.

import { readFileSync } from 'node:fs'
import { acg_owner } from '../../bpf/acg.gen.ts'
import { OWNER_OBJECT } from '../../dist/native/embedded.js'
import { BpfObject } from '../../ffi/bpf.ts'

const ROOT = 0

export class Ownership implements Disposable {
  readonly #program = new BpfObject('acg_owner', readFileSync(OWNER_OBJECT))

  /** Of the process that the pidfd names; null if it has ended. Throws BpfError if it is no pidfd. */
  of(pidfd: number): acg_owner | null {
    const told = this.#program.readAbout(pidfd)
    if (told.length !== acg_owner.bytes) return null
    return acg_owner.read(new DataView(told.buffer, told.byteOffset), 0)
  }

  [Symbol.dispose](): void {
    this.#program[Symbol.dispose]()
  }
}

/** Whether it is in a container of `uid`'s: root may follow anyone's, but nobody the whole machine. */
export function isContainerOf(uid: number, owner: acg_owner): boolean {
  if (owner.pid_level === 0) return false
  const isHis = owner.level > 0 && owner.uid === uid && owner.pid_user_level > 0 && owner.pid_uid === uid
  return uid === ROOT || isHis
}
