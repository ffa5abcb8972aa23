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
  readonly #consumed: DataView
  readonly #produced: DataView
  readonly #data: DataView
  /** Touched between two looks: neither the engine nor the CPU moves a read across an atomic operation. */
  readonly #fence = new Int32Array(1)

  /** Throws SystemError. */
  constructor(
    fd: number,
    private readonly bytes: number,
  ) {
    this.#consumer = new Mapping(fd, 0, PAGE_BYTES, 'write')
    this.#producer = new Mapping(fd, PAGE_BYTES, PAGE_BYTES + 2 * bytes, 'read')
    this.#consumed = new DataView(this.#consumer.buffer)
    this.#produced = new DataView(this.#producer.buffer)
    this.#data = new DataView(this.#producer.buffer, PAGE_BYTES)
  }

  #position(view: DataView): number {
    const position = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
    Atomics.add(this.#fence, 0, 1)
    return position
  }

  /** Hands every record that is there to `take`, in order, which must keep no view of it. Returns how many. */
  drain(take: (view: DataView, at: number, bytes: number) => void): number {
    let count = 0
    let at = this.#position(this.#consumed)
    for (let end = this.#position(this.#produced); at < end; end = this.#position(this.#produced)) {
      const from = at
      while (at < end) {
        const start = at % this.bytes
        const length = this.#data.getUint32(start, true)
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
      this.#consume(at)
    }
    return count
  }

  /** Gives what lies before `position` back to the kernel. */
  #consume(position: number): void {
    Atomics.add(this.#fence, 0, 1)
    this.#consumed.setBigUint64(0, BigInt(position), true)
  }

  [Symbol.dispose](): void {
    this.#consumer[Symbol.dispose]()
    this.#producer[Symbol.dispose]()
  }
}
