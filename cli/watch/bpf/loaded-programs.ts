// acg's programs in the kernel: loads and attaches them, and makes a ring for each run. What comes out of a ring is
// read elsewhere (run-ring.ts), by whoever has its descriptors: this process, or one without any privilege that got
// them over a socket.

import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { acg_owner, wordsOf } from '../../../bpf/acg.gen.ts'
import { PROGRAMS } from '../../../dist/native/embedded.js'
import { BpfObject } from '../../../ffi/bpf.ts'
import { DEFAULT_RING_BYTES } from './defaults.ts'
import { WatchedRun } from './watched-run.ts'

export class LoadedPrograms implements Disposable {
  readonly #object: BpfObject
  readonly #open = new Set<WatchedRun>()
  #runs = 0
  #next: WatchedRun | null = null

  /** Loads and attaches; loads what ownerOf() needs only if `tellsOwners`. Throws BpfError. */
  constructor({ tellsOwners = false } = {}) {
    this.#object = new BpfObject('acg', readFileSync(PROGRAMS), (program) =>
      program === OWNER_OF ? tellsOwners : isNeededCopy(program),
    )
    try {
      this.#object.attach()
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** Whose the process is that the pidfd names; null if it has ended. Throws BpfError if it is no pidfd. */
  ownerOf(pidfd: number): acg_owner | null {
    const told = this.#object.readAbout(pidfd, OWNER_OF)
    if (told.length !== acg_owner.bytes) return null
    return acg_owner.read(wordsOf(told), 0)
  }

  /** As long as somebody holds these, every run that has been opened stays watched. */
  get linkDescriptors(): number[] {
    return this.#object.linkDescriptors
  }

  /** Throws BpfError. */
  openRun(ringBytes: number): WatchedRun {
    const next = this.#next
    if (next?.ringBytes !== ringBytes) return this.#makeRun(ringBytes)
    this.#next = null
    return next
  }

  /** Makes what the next run is given, if it asks for nothing else, so that it need not wait. Throws BpfError. */
  prepareNext(): void {
    this.#next ??= this.#makeRun(DEFAULT_RING_BYTES)
  }

  #makeRun(ringBytes: number): WatchedRun {
    const run = new WatchedRun(++this.#runs, ringBytes, {
      map: (name) => this.#object.mapDescriptor(name),
      forget: (one) => this.#open.delete(one),
    })
    this.#open.add(run)
    return run
  }

  /** Ends the watching of every run. */
  [Symbol.dispose](): void {
    for (const run of this.#open) run.close()
    this.#object[Symbol.dispose]()
  }
}

/** bpf/owner.bpf.c */
const OWNER_OF = 'acg_owner_of'

/** From Linux 7 on a tracepoint may be preempted, for which the further copies are (bpf/exec.bpf.c). */
const FIRST_PREEMPTIBLE = 7

function isNeededCopy(program: string): boolean {
  return program.endsWith('_1') || Number.parseInt(release(), 10) >= FIRST_PREEMPTIBLE
}
