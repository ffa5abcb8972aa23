// A compiled file of BPF programs in the kernel: loaded, attached, and gone when it is disposed.

import { type Pointer, ptr } from 'bun:ffi'
import { bpf, checkedCode, checkedPointer } from './libbpf.ts'

/** struct bpf_object_open_opts: size_t sz @0 · const char *object_name @8 · … */
const OPEN_OPTS_BYTES = 16

export class BpfObject implements Disposable {
  #object: Pointer | null
  readonly #links: Pointer[] = []

  /** Puts what is in the file into the kernel. Throws BpfError. */
  constructor(
    private readonly name: string,
    bytes: Uint8Array,
  ) {
    const text = Buffer.from(`${name}\0`)
    const opts = Buffer.alloc(OPEN_OPTS_BYTES)
    opts.writeBigUInt64LE(BigInt(OPEN_OPTS_BYTES), 0)
    opts.writeBigUInt64LE(BigInt(ptr(text)), 8)
    const opened = bpf.bpf_object__open_mem(ptr(bytes), bytes.length, ptr(opts))
    this.#object = checkedPointer('bpf_object__open_mem', name, opened)
    try {
      checkedCode('bpf_object__load', name, bpf.bpf_object__load(this.#object))
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  get #open(): Pointer {
    if (this.#object === null) throw new Error(`the BPF object "${this.name}" has been disposed`)
    return this.#object
  }

  /** Has every program called where its section says. Throws BpfError. */
  attach(): void {
    const next = (after: Pointer | null) => bpf.bpf_object__next_program(this.#open, after) as Pointer | null
    for (let program = next(null); program !== null; program = next(program)) {
      this.#links.push(checkedPointer('bpf_program__attach', this.name, bpf.bpf_program__attach(program)))
    }
  }

  /** Whoever holds these keeps the programs attached, with or without this process. */
  get linkDescriptors(): number[] {
    return this.#links.map((link) => bpf.bpf_link__fd(link))
  }

  /** The descriptor of a map, for as long as the object is. Throws BpfError. */
  mapDescriptor(name: string): number {
    const fd = bpf.bpf_object__find_map_fd_by_name(this.#open, ptr(Buffer.from(`${name}\0`)))
    return checkedCode('bpf_object__find_map_fd_by_name', name, fd)
  }

  [Symbol.dispose](): void {
    for (const link of this.#links.splice(0)) bpf.bpf_link__destroy(link)
    if (this.#object !== null) bpf.bpf_object__close(this.#object)
    this.#object = null
  }
}
