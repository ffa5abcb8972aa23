// A family of processes under watch, without a container: a shell that waits for a word is its first, as init is
// in a container, and this thread reads the ring itself.

import { statSync } from 'node:fs'
import { acg_losses } from '../../bpf/acg.gen.ts'
import { type Decoded, Decoder } from '../../cli/watch/bpf/decode.ts'
import { ownReader } from '../../cli/watch/bpf/defaults.ts'
import type { LoadedPrograms } from '../../cli/watch/bpf/loaded-programs.ts'
import { RECORDING } from '../../cli/watch/bpf/pace.ts'
import type { WatchedRun } from '../../cli/watch/bpf/watched-run.ts'
import { Mapping, PAGE_BYTES, RingReader } from '../../ffi/ring.ts'
import { type FirstProcess, startFirstProcess } from './first-process.ts'

export class Family implements Disposable {
  readonly run: WatchedRun
  readonly #ring: RingReader
  readonly #decoder = new Decoder(0)
  readonly #losses: Mapping
  readonly #first: FirstProcess

  /** `script` is what the first process runs, once it is told to. */
  constructor(programs: LoadedPrograms, script: string, ringBytes = 1 << 20) {
    this.run = programs.openRun(ringBytes)
    this.#ring = new RingReader(this.run.ring, ringBytes)
    this.#losses = new Mapping(this.run.losses, 0, PAGE_BYTES, 'read')
    this.#first = startFirstProcess(script, '/usr/share')
    this.follow()
  }

  follow(): void {
    this.run.follow(statSync(`/proc/${this.pid}/ns/pid`).ino, ownReader(RECORDING))
  }

  get pid(): number {
    return this.#first.pid
  }

  begin(): void {
    this.#first.go()
  }

  /** What the family did from its beginning to its end, with the ring read only then if `late`. */
  async all({ late = false } = {}): Promise<Decoded[]> {
    const told: Decoded[] = []
    this.begin()
    while (!late && this.#first.child.exitCode === null && this.#first.child.signalCode === null) {
      told.push(...this.take())
      await Bun.sleep(2)
    }
    await this.#first.child.exited
    return [...told, ...this.take()]
  }

  /** Has the family do what it does, with nobody reading. */
  async finish(): Promise<void> {
    this.begin()
    await this.#first.child.exited
  }

  take(): Decoded[] {
    const told: Decoded[] = []
    this.#ring.drain((words, at) => told.push(this.#decoder.decode(words, at)))
    return told
  }

  get lost(): acg_losses {
    return acg_losses.read(new Uint32Array(this.#losses.buffer), 0)
  }

  [Symbol.dispose](): void {
    this.#first.child.kill('SIGKILL')
    this.#ring[Symbol.dispose]()
    this.#losses[Symbol.dispose]()
    this.run[Symbol.dispose]()
  }
}
