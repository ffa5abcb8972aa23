// The listener's parts, for their tests: each looks into this test's own process, where it is known what stands.

import { dlopen, FFIType, ptr } from 'bun:ffi'
import { join } from 'node:path'

const { bool, i32, u32, u64, pointer } = FFIType

const { symbols } = dlopen(join(import.meta.dir, '..', '..', 'dist', 'native', 'listener.so'), {
  // size_t read_string(pid_t pid, uint64_t address, char *text, size_t most, bool *is_cut)
  read_string: { args: [i32, u64, pointer, u64, pointer], returns: u64 },
  // size_t read_strings(pid_t pid, uint64_t address, unsigned pointer_bytes, char *text, size_t most, bool *is_cut)
  read_strings: { args: [i32, u64, u32, pointer, u64, pointer], returns: u64 },
  // size_t read_entries(pid_t, uint64_t address, unsigned pointer_bytes, const char *prefix, char *text, size_t most)
  read_entries: { args: [i32, u64, u32, pointer, pointer, u64], returns: u64 },
  // enum program find_program(pid_t pid, const char *file, char head[], size_t *head_bytes)
  find_program: { args: [i32, pointer, pointer, pointer], returns: i32 },
  // struct call watched_call(uint32_t architecture, int number), which is two of 32 bits
  watched_call: { args: [u32, i32], returns: u64 },
  // bool find_chain(pid_t pid, pid_t root, struct chain *chain)
  find_chain: { args: [i32, i32, pointer], returns: bool },
  // void know(const struct acg_kin *kin, int pidfd)
  know: { args: [pointer, i32], returns: FFIType.void },
  // void has_ended(pid_t pid, __u64 start_ticks)
  has_ended: { args: [i32, u64], returns: FFIType.void },
  // void find_descent(pid_t pid, struct descent *descent)
  find_descent: { args: [i32, pointer], returns: FFIType.void },
  // void has_execed(pid_t pid)
  has_execed: { args: [i32], returns: FFIType.void },
  // int acg_foresee(int procs, pid_t parent, __u64 start_ticks, const char *file, const char *words, __u32 words_bytes,
  //                 int oom_score_adj, __u32 heard)
  acg_foresee: { args: [i32, i32, u64, pointer, pointer, u32, i32, u32], returns: i32 },
  // void acg_foresee_nobody(void)
  acg_foresee_nobody: { args: [], returns: FFIType.void },
  // struct placed place_foreseen(const struct newcomer *newcomer), which is two of 32 bits
  place_foreseen: { args: [pointer], returns: u64 },
  // void forget_entries(void)
  forget_entries: { args: [], returns: FFIType.void },
  // void count_entry(void)
  count_entry: { args: [], returns: FFIType.void },
  // bool is_ended(const struct process_stat *stat)
  is_ended: { args: [pointer], returns: bool },
  // bool read_stat(pid_t pid, struct process_stat *stat)
  read_stat: { args: [i32, pointer], returns: bool },
  // bool read_status(int pidfd, int *status)
  read_status: { args: [i32, pointer], returns: bool },
  // pid_t process_of(pid_t thread)
  process_of: { args: [i32], returns: i32 },
})

export const native = symbols

/** The address of bytes that are kept until the test's process ends. */
const kept: Buffer[] = []
export function addressOf(bytes: Buffer): number {
  kept.push(bytes)
  return ptr(bytes)
}

export function text(of: string): Buffer {
  return Buffer.from(`${of}\0`)
}
