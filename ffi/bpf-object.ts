// A compiled file of BPF programs in the kernel: loaded, attached, and gone when it is disposed.

import { type Pointer, ptr } from 'bun:ffi'
import { closeSync, readFileSync } from 'node:fs'
import { bpf, checkedCode, checkedPointer } from './libbpf.ts'

/** struct bpf_object_open_opts: size_t sz @0 · const char *object_name @8 · … */
const OPEN_OPTS_BYTES = 16

/** struct bpf_iter_attach_opts: size_t sz @0 · union bpf_iter_link_info *link_info @8 · u32 link_info_len @16 */
const ITERATOR_OPTS_BYTES = 24
const ITERATOR_INFO_BYTES = 16

export class BpfObject implements Disposable {
  #object: Pointer | null
  readonly #links: Pointer[] = []

  /** Puts what is in the file into the kernel, its programs as far as they are wanted. Throws BpfError. */
  constructor(
    private readonly name: string,
    bytes: Uint8Array,
    private readonly isWanted: (program: string) => boolean = () => true,
  ) {
    const text = Buffer.from(`${name}\0`)
    const opts = Buffer.alloc(OPEN_OPTS_BYTES)
    opts.writeBigUInt64LE(BigInt(OPEN_OPTS_BYTES), 0)
    opts.writeBigUInt64LE(BigInt(ptr(text)), 8)
    const opened = bpf.bpf_object__open_mem(ptr(bytes), bytes.length, ptr(opts))
    this.#object = checkedPointer('bpf_object__open_mem', name, opened)
    try {
      for (const program of this.#programs())
        if (!this.#wants(program)) bpf.bpf_program__set_autoload(program, false)
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

  *#programs(): Generator<Pointer> {
    const next = (after: Pointer | null) => bpf.bpf_object__next_program(this.#open, after) as Pointer | null
    for (let program = next(null); program !== null; program = next(program)) yield program
  }

  #wants(program: Pointer): boolean {
    return this.isWanted(String(bpf.bpf_program__name(program)))
  }

  /**
   * Has every program that is in the kernel called where its section says; an iterator is by whoever reads it. Throws
   * BpfError.
   */
  attach(): void {
    for (const program of this.#programs())
      if (this.#wants(program) && !isIterator(program))
        this.#links.push(checkedPointer('bpf_program__attach', this.name, bpf.bpf_program__attach(program)))
  }

  /**
   * What a program, an iterator over tasks, writes about the process of a pidfd; nothing if that has ended. Throws
   * BpfError.
   */
  readAbout(pidfd: number, iterator: string): Buffer {
    // union bpf_iter_link_info, task: u32 tid, u32 pid, u32 pid_fd
    const info = Buffer.alloc(ITERATOR_INFO_BYTES)
    info.writeUInt32LE(pidfd, 8)
    const opts = Buffer.alloc(ITERATOR_OPTS_BYTES)
    opts.writeBigUInt64LE(BigInt(ITERATOR_OPTS_BYTES), 0)
    opts.writeBigUInt64LE(BigInt(ptr(info)), 8)
    opts.writeUInt32LE(ITERATOR_INFO_BYTES, 16)
    const name = Buffer.from(`${iterator}\0`)
    const found = bpf.bpf_object__find_program_by_name(this.#open, ptr(name))
    const program = checkedPointer('bpf_object__find_program_by_name', iterator, found)
    const attached = bpf.bpf_program__attach_iter(program, ptr(opts))
    const link = checkedPointer('bpf_program__attach_iter', this.name, attached)
    try {
      const reader = checkedCode('bpf_iter_create', this.name, bpf.bpf_iter_create(bpf.bpf_link__fd(link)))
      try {
        return readFileSync(reader)
      } finally {
        closeSync(reader)
      }
    } finally {
      bpf.bpf_link__destroy(link)
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

function isIterator(program: Pointer): boolean {
  return String(bpf.bpf_program__section_name(program)).startsWith('iter/')
}
