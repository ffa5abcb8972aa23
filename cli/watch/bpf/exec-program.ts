// The privileged half of watching by BPF: loads the programs, makes a ring for each run, and says which pid namespace
// the run is. What comes out of a ring is read elsewhere (reader.ts), by whoever has its descriptors:
// this thread, another one, or a process without any privilege that got them over a socket.

import { closeSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { ACG_LEVEL_UNKNOWN, acg_losses, acg_owner, acg_run } from '../../../bpf/acg.gen.ts'
import { PROGRAMS } from '../../../dist/native/embedded.js'
import {
  addElement,
  BpfObject,
  createMappableValue,
  createRing,
  deleteElement,
  setElement,
  word,
} from '../../../ffi/bpf.ts'

/** What a run's loader has to be told: bounded numbers. */
export interface RingRequest {
  /** A power of two and whole pages. */
  readonly ringBytes: number
  /** The inode number of the reader's pid namespace, since pids are given as the reader sees them. */
  readonly pidNamespace: number
  /** The reader is woken for processes so many generations below the run's first, which is 0. */
  readonly wakeDepth: number
}

export class ExecProgram implements Disposable {
  readonly #object: BpfObject
  readonly #open = new Set<WatchedRun>()
  #runs = 0

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
    return acg_owner.read(new DataView(told.buffer, told.byteOffset), 0)
  }

  /** As long as somebody holds these, every run that has been opened stays watched. */
  get linkDescriptors(): number[] {
    return this.#object.linkDescriptors
  }

  /** Throws BpfError. */
  openRun(request: RingRequest): WatchedRun {
    const number = ++this.#runs
    const run = new WatchedRun(number, request, {
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

/** One run's part of the programs' maps. Disposed, the run is watched no longer; who has the ring may still read. */
export class WatchedRun implements Disposable {
  /** For the reader: the ring, to read and give back; and the counters of what was lost, to read. */
  readonly ring: number
  readonly losses: number
  #followed: number | null = null

  constructor(
    private readonly number: number,
    readonly request: RingRequest,
    private readonly program: { map(name: string): number; forget(run: WatchedRun): void },
  ) {
    using undone = new DisposableStack()
    this.ring = undone.adopt(createRing('acg_ring', request.ringBytes), closeSync)
    this.losses = undone.adopt(createMappableValue('acg_losses', acg_losses.bytes), closeSync)
    const put = (map: string, descriptor: number) => {
      setElement(program.map(map), map, word(number), word(descriptor))
      undone.defer(() => deleteElement(program.map(map), map, word(number)))
    }
    put('acg_run_losses', this.losses)
    put('acg_rings', this.ring)
    undone.move()
  }

  /**
   * Has this run be a container: all who are in the pid namespace of that inode number, from now on. Throws BpfError,
   * EEXIST if it is another run.
   */
  follow(pidNamespace: number): void {
    const run = layOut(acg_run, {
      number: this.number,
      reader_namespace: this.request.pidNamespace,
      wake_depth: this.request.wakeDepth,
      reader_level: ACG_LEVEL_UNKNOWN,
      last_wake_ns: 0,
      wakes_paid_until_ns: 0,
    })
    addElement(this.program.map('acg_runs'), 'acg_runs', word(pidNamespace), run)
    this.#followed = pidNamespace
  }

  /** Lets go of what the kernel keeps for as long as anybody holds it. */
  close(): void {
    this.program.forget(this)
    closeSync(this.ring)
    closeSync(this.losses)
  }

  /** To take a run out of the maps alone costs two grace periods of the kernel, some tens of ms. */
  [Symbol.dispose](): void {
    if (this.#followed !== null) deleteElement(this.program.map('acg_runs'), 'acg_runs', word(this.#followed))
    for (const name of ['acg_rings', 'acg_run_losses'])
      deleteElement(this.program.map(name), name, word(this.number))
    this.close()
  }
}

/** bpf/owner.bpf.c */
const OWNER_OF = 'acg_owner_of'

/** From Linux 7 on a tracepoint may be preempted, for which the further copies are (bpf/exec.bpf.c). */
const FIRST_PREEMPTIBLE = 7

function isNeededCopy(program: string): boolean {
  return program.endsWith('_1') || Number.parseInt(release(), 10) >= FIRST_PREEMPTIBLE
}

function layOut<Value>(
  layout: { bytes: number; write: (view: DataView, at: number, value: Value) => void },
  value: Value,
): Uint8Array {
  const buffer = new ArrayBuffer(layout.bytes)
  layout.write(new DataView(buffer), 0, value)
  return new Uint8Array(buffer)
}
