// libbpf, from acg's own binary: the symbols that are used, and its own words where something fails.
//
// From libbpf 1.0 on a function that returns an int returns a negative errno, and one that returns a pointer
// returns NULL with errno set.

import { dlopen, FFIType, JSCallback, type Pointer, ptr } from 'bun:ffi'
import { LIBBPF } from '../dist/native/embedded.js'
import { lastErrno, SystemError } from './libc.ts'
import { libraryPaths } from './shared-library.ts'

const { i32, u32, u64, pointer } = FFIType

const { symbols: c } = dlopen('libc.so.6', {
  // void *dlopen(const char *path, int flags)
  dlopen: { args: [pointer, i32], returns: pointer },
  // char *dlerror(void)
  dlerror: { args: [], returns: FFIType.cstring },
  // int vsnprintf(char *text, size_t most, const char *format, va_list arguments)
  vsnprintf: { args: [pointer, u64, pointer, pointer], returns: i32 },
})

const RTLD_NOW = 2

/** Bun's own dlopen() is for a library whose symbols are called from here. */
function openNeeded(path: string): void {
  if (c.dlopen(ptr(Buffer.from(`${path}\0`)), RTLD_NOW) === null) throw new Error(String(c.dlerror()))
}

function load() {
  const paths = libraryPaths(LIBBPF)
  const own = paths.pop() as string
  for (const path of paths) openNeeded(path)
  return dlopen(own, {
    // libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t print)
    libbpf_set_print: { args: [pointer], returns: pointer },
    // struct bpf_object *bpf_object__open_mem(const void *bytes, size_t size, const struct bpf_object_open_opts *opts)
    bpf_object__open_mem: { args: [pointer, u64, pointer], returns: pointer },
    // int bpf_object__load(struct bpf_object *object)
    bpf_object__load: { args: [pointer], returns: i32 },
    // void bpf_object__close(struct bpf_object *object)
    bpf_object__close: { args: [pointer], returns: FFIType.void },
    // int bpf_object__find_map_fd_by_name(struct bpf_object *object, const char *name)
    bpf_object__find_map_fd_by_name: { args: [pointer, pointer], returns: i32 },
    // struct bpf_program *bpf_object__next_program(const struct bpf_object *object, struct bpf_program *program)
    bpf_object__next_program: { args: [pointer, pointer], returns: pointer },
    // struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *object, const char *name)
    bpf_object__find_program_by_name: { args: [pointer, pointer], returns: pointer },
    // const char *bpf_program__name(const struct bpf_program *program)
    bpf_program__name: { args: [pointer], returns: FFIType.cstring },
    // const char *bpf_program__section_name(const struct bpf_program *program)
    bpf_program__section_name: { args: [pointer], returns: FFIType.cstring },
    // int bpf_program__set_autoload(struct bpf_program *program, bool autoload)
    bpf_program__set_autoload: { args: [pointer, FFIType.bool], returns: i32 },
    // struct bpf_link *bpf_program__attach(const struct bpf_program *program)
    bpf_program__attach: { args: [pointer], returns: pointer },
    // struct bpf_link *bpf_program__attach_iter(const struct bpf_program *program, const struct bpf_iter_attach_opts *opts)
    bpf_program__attach_iter: { args: [pointer, pointer], returns: pointer },
    // int bpf_iter_create(int link_fd)
    bpf_iter_create: { args: [i32], returns: i32 },
    // int bpf_link__fd(const struct bpf_link *link)
    bpf_link__fd: { args: [pointer], returns: i32 },
    // int bpf_link__destroy(struct bpf_link *link)
    bpf_link__destroy: { args: [pointer], returns: i32 },
    // int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
    //                    __u32 max_entries, const struct bpf_map_create_opts *opts)
    bpf_map_create: { args: [i32, pointer, u32, u32, u32, pointer], returns: i32 },
    // int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
    bpf_map_update_elem: { args: [i32, pointer, pointer, u64], returns: i32 },
    // int bpf_map_delete_elem(int fd, const void *key)
    bpf_map_delete_elem: { args: [i32, pointer], returns: i32 },
  }).symbols
}

export const bpf = load()

const LINE_BYTES = 8192
const MOST_LINES = 200
const LEVEL_WARN = 0

/** What libbpf said since it was last asked. A kernel that rejects a program explains itself here. */
const said: string[] = []

/** int print(enum libbpf_print_level level, const char *format, va_list arguments). It must not throw. */
const print = new JSCallback(
  (level: number, format: Pointer, list: Pointer) => {
    if (level > LEVEL_WARN) return 0
    const line = Buffer.alloc(LINE_BYTES)
    const length = c.vsnprintf(ptr(line), LINE_BYTES, format, list)
    said.push(line.toString('utf8', 0, Math.max(0, Math.min(length, LINE_BYTES - 1))))
    if (said.length > MOST_LINES) said.shift()
    return 0
  },
  { args: [i32, pointer, pointer], returns: i32 },
)
bpf.libbpf_set_print(print.ptr)

/** A call of libbpf that failed: which one, on what, the kernel's number for why, and libbpf's own words. */
export class BpfError extends SystemError {
  constructor(
    call: string,
    readonly object: string,
    errno: number,
    /** May hold the verifier's whole argument. */
    readonly log: string,
  ) {
    super(`${call} of ${object}`, errno)
    this.name = 'BpfError'
  }
}

/** `result` if it is not negative. Throws BpfError. */
export function checkedCode(call: string, object: string, result: number): number {
  const log = said.splice(0).join('')
  if (result < 0) throw new BpfError(call, object, -result, log)
  return result
}

/** `result` if it is not NULL; nothing may have touched errno since. Throws BpfError. */
export function checkedPointer(call: string, object: string, result: unknown): Pointer {
  const errno = result === null ? lastErrno() : 0
  const log = said.splice(0).join('')
  if (result === null) throw new BpfError(call, object, errno, log)
  return result as Pointer
}
