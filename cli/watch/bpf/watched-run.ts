// A run's own part of the programs in the kernel: its ring, what counts its losses, and which pid namespace it is.

import { closeSync } from 'node:fs'
import { ACG_LEVEL_UNKNOWN, acg_losses, acg_run } from '../../../bpf/acg.gen.ts'
import {
  addElement,
  createMappableValue,
  createRing,
  deleteElement,
  setElement,
  word,
} from '../../../ffi/bpf.ts'

const NS_PER_MS = 1e6

/** Who reads the ring, and when it is woken. */
export interface Reader {
  /** The inode number of the reader's pid namespace, since pids are given as the reader sees them. */
  readonly pidNamespace: number
  /** The reader is woken for processes so many generations below the run's first, which is 0. */
  readonly wakeDepth: number
  /** As of its Pace. */
  readonly rideAlongMs: number
}

/** One run's part of the programs' maps. Disposed, the run is watched no longer; who has the ring may still read. */
export class WatchedRun implements Disposable {
  /** For the reader: the ring, to read and give back; and the counters of what was lost, to read. */
  readonly ring: number
  readonly losses: number
  #followed: number | null = null

  /** A ring of `ringBytes`, a power of two and whole pages. The kernel takes its time for it (docs/bpf.md). Throws BpfError. */
  constructor(
    private readonly number: number,
    readonly ringBytes: number,
    private readonly programs: { map(name: string): number; forget(run: WatchedRun): void },
  ) {
    using undone = new DisposableStack()
    this.ring = undone.adopt(createRing('acg_ring', ringBytes), closeSync)
    this.losses = undone.adopt(createMappableValue('acg_losses', acg_losses.bytes), closeSync)
    const put = (map: string, descriptor: number) => {
      setElement(programs.map(map), map, word(number), word(descriptor))
      undone.defer(() => deleteElement(programs.map(map), map, word(number)))
    }
    put('acg_run_losses', this.losses)
    put('acg_rings', this.ring)
    undone.move()
  }

  /**
   * Has this run be a container: all who are in the pid namespace of that inode number, from now on. Throws BpfError,
   * EEXIST if it is another run.
   */
  follow(containerNamespace: number, reader: Reader): void {
    const run = layOut(acg_run, {
      number: this.number,
      reader_namespace: reader.pidNamespace,
      wake_depth: reader.wakeDepth,
      reader_level: ACG_LEVEL_UNKNOWN,
      ride_along_ns: reader.rideAlongMs * NS_PER_MS,
      last_wake_ns: 0,
      wakes_paid_until_ns: 0,
    })
    addElement(this.programs.map('acg_runs'), 'acg_runs', word(containerNamespace), run)
    this.#followed = containerNamespace
  }

  /** Lets go of what the kernel keeps for as long as anybody holds it. */
  close(): void {
    this.programs.forget(this)
    closeSync(this.ring)
    closeSync(this.losses)
  }

  /** To take a run out of the maps takes as long as to put it in. */
  [Symbol.dispose](): void {
    if (this.#followed !== null)
      deleteElement(this.programs.map('acg_runs'), 'acg_runs', word(this.#followed))
    for (const name of ['acg_rings', 'acg_run_losses'])
      deleteElement(this.programs.map(name), name, word(this.number))
    this.close()
  }
}

function layOut<Value>(
  layout: { bytes: number; write: (words: Uint32Array, at: number, value: Value) => void },
  value: Value,
): Uint8Array {
  const words = new Uint32Array(layout.bytes / Uint32Array.BYTES_PER_ELEMENT)
  layout.write(words, 0, value)
  return new Uint8Array(words.buffer)
}
