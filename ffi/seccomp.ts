// Seccomp user notifications. They are answered by a thread in C (native/listener), which is started here.

import { dlopen, FFIType, ptr } from 'bun:ffi'
import listenerFile from '../dist/native/listener.so' with { type: 'file' }
import { Errno, SystemError } from './libc.ts'
import { libraryPaths } from './shared-library.ts'

const { i32, pointer, u32, u64 } = FFIType

let opened: ReturnType<typeof openListener> | null = null

function openListener() {
  const [path = ''] = libraryPaths([listenerFile])
  return dlopen(path, {
    // int acg_listen(int socket, const char *call_leaf)
    acg_listen: { args: [i32, pointer], returns: i32 },
    // int acg_expect_moves(int procs, pid_t pid)
    acg_expect_moves: { args: [i32, i32], returns: i32 },
    // int acg_foresee(int procs, pid_t parent, __u64 start_ticks, const char *file, const char *words,
    //                 __u32 words_bytes, int oom_score_adj, __u32 heard)
    acg_foresee: { args: [i32, i32, u64, pointer, pointer, u32, i32, u32], returns: i32 },
    // void acg_foresee_nobody(void)
    acg_foresee_nobody: { args: [], returns: FFIType.void },
    // int acg_let_go(int notifications, __u64 id)
    acg_let_go: { args: [i32, u64], returns: i32 },
  }).symbols
}

function listener() {
  opened ??= openListener()
  return opened
}

/**
 * Answers whoever the filters ask about that the OCI runtime hands over on the listening unix socket. With `callLeaf`
 * an exec waits until letGo(), unless the process's cgroup has that in its path. Returns a stream socket with what is
 * told (native/listener/listener.h), where a byte written ends it. Throws SystemError.
 */
export function listenForCalls(socket: number, callLeaf: string | null): number {
  const text = callLeaf === null ? null : ptr(Buffer.from(`${callLeaf}\0`))
  return checked('acg_listen', listener().acg_listen(socket, text))
}

/**
 * Who is held is likely to be moved into another cgroup: the kernel's part of that begins with the exec
 * (native/listener/moves.h), by asking for a move of `pid` that `procs`, an open cgroup.procs, refuses. Throws SystemError.
 */
export function expectMoves(procs: number, pid: number): void {
  checked('acg_expect_moves', listener().acg_expect_moves(procs, pid))
}

/** The first exec of a child, as foresee() knows it. */
export interface Newcomer {
  /** The open cgroup.procs of its leaf, which is taken over. */
  readonly procs: number
  readonly parent: { readonly pid: number; readonly start_ticks: number }
  /** The file's name, as it is given to the exec. */
  readonly file: string
  /** All words of it but the last. */
  readonly words: readonly string[]
  /** Unless it is 0, the process is guarded: it is given that, and its standard error is duplicated. */
  readonly oomScoreAdj: number
}

/**
 * The next one like this is put into its leaf, and not held (native/listener/foreseen.h); nobody is unless the caller has
 * `heard` of all that were held or foreseen so far.
 */
export function foresee({ procs, parent, file, words, oomScoreAdj }: Newcomer, heard: number): void {
  const [name, text] = [Buffer.from(`${file}\0`), Buffer.from(`${words.join('\0')}\0`)]
  const bytes = words.length > 0 ? text.length : 0
  const ticks = BigInt(parent.start_ticks)
  const { acg_foresee } = listener()
  acg_foresee(procs, parent.pid, ticks, ptr(name), ptr(text), bytes, oomScoreAdj, heard)
}

/** No exec is expected any more. */
export function foreseeNobody(): void {
  listener().acg_foresee_nobody()
}

function checked(call: string, answer: number): number {
  if (answer < 0) throw new SystemError(call, -answer)
  return answer
}

/** Lets a call go on as if it had not been watched; false if it no longer waits. Throws SystemError. */
export function letGo(notifications: number, id: bigint): boolean {
  const answer = listener().acg_let_go(notifications, id)
  if (answer === -Errno.ENOENT) return false
  checked('acg_let_go', answer)
  return true
}
