// The leaves of one run, beside the container's own cgroup: one for the agent's runtime, one for its services, one
// for each tool call. They share what limits the container as a whole, which is set above them.
//
//   libpod-….scope          the user's; --memory is here
//   ├── container           Podman's: init alone
//   └── acg                 frozen by `acg pause`
//       ├── runtime
//       ├── services
//       └── call-1 …

import { existsSync, openSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AcgError } from '../errors.ts'
import { CGROUP_ROOT } from './container-cgroup.ts'
import { keepsLimits, LEAF_CONTROLLERS } from './delegation.ts'
import { Leaf } from './leaf.ts'
import { callLeaf, LEAVES_FOLDER, RUNTIME_LEAF, SERVICES_LEAF } from './leaf-names.ts'
import { CgroupReadings } from './readings.ts'

/** How Podman calls the cgroup of a container. */
const PODMANS = 'libpod-'
/** What ends a whole call at once, since Linux 5.14. */
const KILL = 'cgroup.kill'

/** What changes by less changes nothing. */
const PROTECTS_BYTES = 1 << 20

export class RunLeaves {
  readonly runtime: Leaf
  readonly services: Leaf
  /** What the container as a whole may hold; null without a limit. */
  readonly limitBytes: number | null
  readonly #calls = new Map<number, Leaf>()
  /** The next call's, made beforehand: to make one takes the kernel's lock that whoever moves a process holds. */
  #spare: { readonly call: number; readonly leaf: Leaf; readonly isSoiled: boolean } | null = null
  /** Spare ones that could not be removed when another took their place. */
  readonly #discarded: Leaf[] = []
  /** The last call, by its number, for which a leaf was made. */
  #latest = 0
  #agentMappedBytes = 0
  #protectedBytes = 0
  readonly #all: Leaf
  readonly #whole: CgroupReadings

  /** `container`: the cgroup of the container as a whole. */
  private constructor(
    readonly container: string,
    private readonly endWhole: boolean,
  ) {
    this.#all = Leaf.make(container, LEAVES_FOLDER)
    this.#all.set('cgroup.subtree_control', LEAF_CONTROLLERS.map((name) => `+${name}`).join(' '))
    this.runtime = Leaf.make(this.#all.folder, RUNTIME_LEAF).close()
    this.services = Leaf.make(this.#all.folder, SERVICES_LEAF).close()
    this.makeSpare(1)
    this.#whole = new CgroupReadings(container)
    const most = readFileSync(join(container, 'memory.max'), 'utf8').trim()
    this.limitBytes = most === 'max' ? null : Number(most)
  }

  /**
   * Beside the cgroup of a container's first process. With `endWhole` the kernel ends all of a call or nothing: half a
   * pipeline that lives on says nothing true. Throws AcgError where no leaf can be had.
   */
  static beside(initPid: number, endWhole: boolean): RunLeaves {
    const own = /^0::(\/.+)$/m.exec(readFileSync(`/proc/${initPid}/cgroup`, 'utf8'))?.[1]
    if (own === undefined) throw noLeaves('the container is in no cgroup v2')
    const parent = dirname(join(CGROUP_ROOT, own))
    if (!basename(parent).startsWith(PODMANS))
      throw noLeaves(`${own} is not one that Podman made for a container`)
    const controllers = controllersOf(parent)
    const missing = LEAF_CONTROLLERS.filter((name) => !controllers.includes(name))
    if (missing.length > 0) throw noLeaves(`no ${missing.join(' and no ')} controller below ${parent}`)
    if (!existsSync(join(parent, KILL))) throw noLeaves(`there is no ${KILL}: it takes Linux 5.14`)
    if (!keepsLimits())
      throw noLeaves(
        'cgroup2 is mounted without nsdelegate: a command could raise its own limits',
        `\`sudo mount -o remount,nsdelegate ${CGROUP_ROOT}\`, or use --control off`,
      )
    try {
      return new RunLeaves(parent, endWhole)
    } catch (error) {
      throw noLeaves((error as Error).message)
    }
  }

  /** `memory.current` of the container as a whole; 0 once that has ended. */
  get usedBytes(): number {
    return this.#whole.usedBytes() ?? 0
  }

  /** What the container as a whole holds. */
  heldBytes(): number {
    return this.#whole.heldBytes()
  }

  /** A descriptor by which no process can be moved, since there are leaves below: the kernel only gets ready to. */
  openForNoMove(): number {
    return openSync(join(this.#all.folder, 'cgroup.procs'), 'w')
  }

  /** By `acg pause`. */
  get isPaused(): boolean {
    return this.#all.isFrozen
  }

  /**
   * The most that the agent and its services had mapped of files between calls. The kernel could drop it, and would
   * have to read it again at once: an agent whose own text is squeezed out stands still, and where nothing of it can be
   * dropped just then, a call is ended.
   */
  get agentMappedBytes(): number {
    return this.#agentMappedBytes
  }

  /** To be called between calls. */
  measureAgent(): void {
    const mapped = this.runtime.mappedBytes() + this.services.mappedBytes()
    this.#agentMappedBytes = Math.max(this.#agentMappedBytes, mapped)
  }

  /** What the agent holds now is the last that the kernel takes when the run needs memory. */
  protectRuntime(): void {
    const bytes = this.runtime.heldBytes() + this.#agentMappedBytes
    if (Math.abs(bytes - this.#protectedBytes) < PROTECTS_BYTES) return
    this.#protectedBytes = bytes
    for (const leaf of [this.#all, this.runtime]) leaf.setLow(bytes)
  }

  call(number: number): Leaf | undefined {
    return this.#calls.get(number)
  }

  /** Every call's leaf that is there. */
  calls(): IterableIterator<[number, Leaf]> {
    return this.#calls.entries()
  }

  /** Has the leaf of a call that has yet to begin ready; nothing if it has begun. Throws the file system's error. */
  makeSpare(call: number): void {
    if (call <= this.#latest) return
    if (this.#spare?.leaf.remove() === false) this.#discarded.push(this.#spare.leaf)
    this.#readySpare(call)
  }

  /**
   * Somebody was in the spare leaf by mistake, and what he held is charged to it for good: the next call is to have
   * another. Who is just ending may keep it a little longer. Throws the file system's error.
   */
  soiledSpare(): void {
    if (this.#spare) this.#spare = { ...this.#spare, isSoiled: true }
    this.tidySpare()
  }

  /** To be called now and then. Throws the file system's error. */
  tidySpare(): void {
    if (this.#spare?.isSoiled && this.#spare.leaf.remove()) this.#readySpare(this.#spare.call)
  }

  #readySpare(call: number): void {
    this.#spare = { call, leaf: this.#makeCall(call), isSoiled: false }
  }

  /** The next call's leaf, if it stands ready. */
  get spare(): Leaf | null {
    return this.#spare?.leaf ?? null
  }

  #makeCall(call: number): Leaf {
    this.#latest = Math.max(this.#latest, call)
    const leaf = Leaf.make(this.#all.folder, callLeaf(call)).close()
    if (this.endWhole) leaf.set('memory.oom.group', 1)
    return leaf
  }

  /** Throws the file system's error. */
  addCall(number: number): Leaf {
    const leaf = this.#spare?.call === number ? this.#spare.leaf : this.#makeCall(number)
    if (leaf === this.#spare?.leaf) this.#spare = null
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
    this.#whole[Symbol.dispose]()
    const spare = this.#spare ? [this.#spare.leaf] : []
    return [this.runtime, this.services, ...spare, ...this.#discarded, ...this.#calls.values(), this.#all]
      .filter((leaf) => !leaf.remove())
      .map(({ folder }) => folder)
  }
}

function noLeaves(seen: string, hint = 'use --control off, or see `acg doctor`'): AcgError {
  return new AcgError({
    what: 'cannot give each tool call a cgroup of its own',
    seen,
    hint,
  })
}

function controllersOf(folder: string): string[] {
  const file = join(folder, 'cgroup.subtree_control')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : []
}
