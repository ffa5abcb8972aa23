// A BPF ring buffer as its reader maps it, without libbpf and without any privilege: linux/bpf.h and
// kernel/bpf/ringbuf.c.
//
//   page 0   consumer position, ours to write     page 1   producer position, the kernel's
//   then the data, twice in a row, so that no record is ever in two pieces
//
// A record is a header of 8 bytes (u32 length with two flags, u32 unused) and the data, padded to 8 bytes.

import { Mapping, PAGE_BYTES } from './memory.ts'

const BUSY = 0x80000000
const DISCARDED = 0x40000000
const HEADER_BYTES = 8

export class RingReader implements Disposable {
  readonly #consumer: Mapping
  readonly #producer: Mapping
  readonly #consumed: BigUint64Array
  readonly #produced: BigUint64Array
  readonly #data: Uint32Array
  /**
   * Touched between two reads: neither the engine nor the CPU moves one across an atomic operation. The reads themselves
   * cannot be such: the engine compiles Atomics.load() to a write of the same, and the kernel's pages are read-only.
   */
  readonly #fence = new Int32Array(1)

  /** Throws SystemError. */
  constructor(
    fd: number,
    private readonly bytes: number,
  ) {
    this.#consumer = new Mapping(fd, 0, PAGE_BYTES, 'write')
    this.#producer = new Mapping(fd, PAGE_BYTES, PAGE_BYTES + 2 * bytes, 'read')
    this.#consumed = new BigUint64Array(this.#consumer.buffer, 0, 1)
    this.#produced = new BigUint64Array(this.#producer.buffer, 0, 1)
    this.#data = new Uint32Array(this.#producer.buffer, PAGE_BYTES)
  }

  #position(of: BigUint64Array): number {
    const position = Number(of[0])
    Atomics.add(this.#fence, 0, 1)
    return position
  }

  /**
   * Hands every record that is there to `take`, in order: where it lies, in bytes, in words which must not be kept.
   * Returns how many.
   */
  drain(take: (words: Uint32Array, at: number, bytes: number) => void): number {
    let count = 0
    let at = this.#position(this.#consumed)
    for (let end = this.#position(this.#produced); at < end; end = this.#position(this.#produced)) {
      const from = at
      while (at < end) {
        const start = at % this.bytes
        const length = this.#data[start / Uint32Array.BYTES_PER_ELEMENT] as number
        Atomics.add(this.#fence, 0, 1)
        // The kernel is still writing it: the next look finds it done.
        if (length >= BUSY) break
        const bytes = length % DISCARDED
        if (length < DISCARDED) {
          take(this.#data, start + HEADER_BYTES, bytes)
          count++
        }
        at += (HEADER_BYTES + bytes + 7) & ~7
      }
      if (at === from) break
      Atomics.add(this.#fence, 0, 1)
      // What lies before it is the kernel's again.
      this.#consumed[0] = BigInt(at)
    }
    return count
  }

  [Symbol.dispose](): void {
    this.#consumer[Symbol.dispose]()
    this.#producer[Symbol.dispose]()
  }
}
