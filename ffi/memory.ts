// Memory that is a file, and files that are memory.

import { dlopen, FFIType, type Pointer, ptr, toArrayBuffer } from 'bun:ffi'
import { checked } from './libc.ts'

const { i32, u32, u64, i64, pointer } = FFIType

const { symbols: c } = dlopen('libc.so.6', {
  // int memfd_create(const char *name, unsigned int flags)
  memfd_create: { args: [pointer, u32], returns: i32 },
  // void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
  mmap: { args: [pointer, u64, i32, i32, i32, i64], returns: i64 },
  // int munmap(void *address, size_t length)
  munmap: { args: [pointer, u64], returns: i32 },
  // long sysconf(int name)
  sysconf: { args: [i32], returns: i64 },
})

const MFD_CLOEXEC = 1
const PROT_READ = 1
const PROT_WRITE = 2
const MAP_SHARED = 1
const SC_PAGESIZE = 30

export const PAGE_BYTES = Number(c.sysconf(SC_PAGESIZE))

/** An empty file that no folder holds. Throws SystemError. */
export function createMemoryFile(name: string): number {
  return checked('memfd_create', c.memfd_create(ptr(Buffer.from(`${name}\0`)), MFD_CLOEXEC))
}

/** A part of a file as memory, shared with everyone who has it so. Its buffer must not be used once it is disposed. */
export class Mapping implements Disposable {
  readonly buffer: ArrayBuffer
  readonly #address: number

  /** Throws SystemError. */
  constructor(fd: number, offset: number, bytes: number, access: 'read' | 'write') {
    const protection = access === 'write' ? PROT_READ | PROT_WRITE : PROT_READ
    this.#address = checked('mmap', c.mmap(null, bytes, protection, MAP_SHARED, fd, offset))
    this.buffer = toArrayBuffer(this.#address as Pointer, 0, bytes)
  }

  [Symbol.dispose](): void {
    checked('munmap', c.munmap(this.#address as Pointer, this.buffer.byteLength))
  }
}
