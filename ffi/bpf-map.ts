// BPF maps by their descriptors. Whose map it is, and when it is closed, is the caller's business.

import { ptr } from 'bun:ffi'
import { bpf, checkedCode } from './libbpf.ts'

/** enum bpf_map_type and the flags of BPF_MAP_CREATE, linux/bpf.h. */
const ARRAY = 2
const RINGBUF = 27
const MMAPABLE = 1 << 10
const NOEXIST = 1n

/** struct bpf_map_create_opts: size_t sz @0 · u32 btf_fd @8 · u32 btf_key_type_id @12 · u32 btf_value_type_id @16 ·
 * u32 btf_vmlinux_value_type_id @20 · u32 inner_map_fd @24 · u32 map_flags @28 */
const CREATE_OPTS_BYTES = 32

function create(type: number, name: string, key: number, value: number, entries: number, flags: number) {
  const opts = Buffer.alloc(CREATE_OPTS_BYTES)
  opts.writeBigUInt64LE(BigInt(CREATE_OPTS_BYTES), 0)
  opts.writeUInt32LE(flags, 28)
  const fd = bpf.bpf_map_create(type, ptr(Buffer.from(`${name}\0`)), key, value, entries, ptr(opts))
  return checkedCode('bpf_map_create', name, fd)
}

/** A ring of `bytes`, a power of two and whole pages. Throws BpfError. */
export function createRing(name: string, bytes: number): number {
  return create(RINGBUF, name, 0, 0, bytes, 0)
}

/**
 * One value of `bytes` that can be mapped into memory. The descriptor can write too: the kernel maps no BPF map by
 * one that cannot. Throws BpfError.
 */
export function createMappableValue(name: string, bytes: number): number {
  return create(ARRAY, name, 4, bytes, 1, MMAPABLE)
}

/** Sets what is there under `key`. Throws BpfError. */
export function setElement(map: number, name: string, key: Uint8Array, value: Uint8Array): void {
  checkedCode('bpf_map_update_elem', name, bpf.bpf_map_update_elem(map, ptr(key), ptr(value), 0n))
}

/** Adds what must not be there yet. Throws BpfError (EEXIST). */
export function addElement(map: number, name: string, key: Uint8Array, value: Uint8Array): void {
  checkedCode('bpf_map_update_elem', name, bpf.bpf_map_update_elem(map, ptr(key), ptr(value), NOEXIST))
}

/** Throws BpfError (ENOENT). */
export function deleteElement(map: number, name: string, key: Uint8Array): void {
  checkedCode('bpf_map_delete_elem', name, bpf.bpf_map_delete_elem(map, ptr(key)))
}

/** A descriptor or number as a map's key or value. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
