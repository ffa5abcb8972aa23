// The leaves of one run, beside the container's own cgroup: one for the agent's runtime, one for its services, one
// for each tool call. They share what limits the container as a whole, since that is set on their parent.
//
//   libpod-….scope          the user's; --memory is here
//   ├── container           Podman's: init alone
//   ├── acg-runtime
//   ├── acg-services
//   └── acg-call-1 …

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AcgError } from '../errors.ts'
import { CGROUP_ROOT } from './container-cgroup.ts'
import { heldBytes, Leaf } from './leaf.ts'
import { callLeaf, RUNTIME_LEAF, SERVICES_LEAF } from './leaf-names.ts'

/** How Podman calls the cgroup of a container. */
const PODMANS = 'libpod-'
const NEEDED = ['memory', 'pids'] as const

export class RunLeaves {
  readonly runtime: Leaf
  readonly services: Leaf
  /** What the container as a whole may hold; null without a limit. */
  readonly limitBytes: number | null
  readonly #calls = new Map<number, Leaf>()

  private constructor(readonly parent: string) {
    this.runtime = Leaf.make(parent, RUNTIME_LEAF)
    this.services = Leaf.make(parent, SERVICES_LEAF)
    const most = readFileSync(join(parent, 'memory.max'), 'utf8').trim()
    this.limitBytes = most === 'max' ? null : Number(most)
  }

  /** Beside the cgroup of a container's first process. Throws AcgError where no leaf can be had. */
  static beside(initPid: number): RunLeaves {
    const own = /^0::(\/.+)$/m.exec(readFileSync(`/proc/${initPid}/cgroup`, 'utf8'))?.[1]
    if (own === undefined) throw noLeaves('the container is in no cgroup v2')
    const parent = dirname(join(CGROUP_ROOT, own))
    if (!basename(parent).startsWith(PODMANS))
      throw noLeaves(`${own} is not one that Podman made for a container`)
    const controllers = controllersOf(parent)
    const missing = NEEDED.filter((name) => !controllers.includes(name))
    if (missing.length > 0) throw noLeaves(`no ${missing.join(' and no ')} controller below ${parent}`)
    try {
      return new RunLeaves(parent)
    } catch (error) {
      throw noLeaves((error as Error).message)
    }
  }

  /** What the container as a whole holds. */
  heldBytes(): number {
    return heldBytes(this.parent)
  }

  call(number: number): Leaf | undefined {
    return this.#calls.get(number)
  }

  /** Every call's leaf that is there. */
  calls(): IterableIterator<[number, Leaf]> {
    return this.#calls.entries()
  }

  /** Throws the file system's error. */
  addCall(number: number): Leaf {
    const leaf = Leaf.make(this.parent, callLeaf(number))
    this.#calls.set(number, leaf)
    return leaf
  }

  /** Removes a call's leaf; false while a process is in it. */
  removeCall(number: number): boolean {
    const isGone = this.#calls.get(number)?.remove() ?? true
    if (isGone) this.#calls.delete(number)
    return isGone
  }

  /** Removes all of them, once the container's processes have ended; returns those that would not go. */
  remove(): string[] {
    return [this.runtime, this.services, ...this.#calls.values()]
      .filter((leaf) => !leaf.remove())
      .map(({ folder }) => folder)
  }
}

function noLeaves(seen: string): AcgError {
  return new AcgError({
    what: 'cannot give each tool call a cgroup of its own',
    seen,
    hint: 'leave --control out, or see `acg doctor`',
  })
}

function controllersOf(folder: string): string[] {
  const file = join(folder, 'cgroup.subtree_control')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : []
}
