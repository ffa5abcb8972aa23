// What a watch backend reports of the agent's processes. Every backend produces these and nothing else, and
// what a backend cannot know is null, never a guess. They are written to events.jsonl as they are.
//
// Order: a process's fork comes before anything else of it, its exit after everything else. The agent's own
// process is the first fork, and its parent is null.

/** A process for good: pids are reused, a pid with the time it began is not (field 22 of /proc/PID/stat). */
export interface ProcessId {
  readonly pid: number
  readonly start_ticks: number
}

export interface ForkEvent extends ProcessId {
  readonly event: 'fork'
  /** Since the run began. From seccomp it has the resolution of start_ticks, 10 ms. */
  readonly time_ms: number
  /** null when the parent had ended before anyone could ask whose child it was. */
  readonly parent: ProcessId | null
}

export interface ExecEvent extends ProcessId {
  readonly event: 'exec'
  readonly time_ms: number
  /** The file as the caller named it; null, and argv empty, where the caller must not be looked into. */
  readonly file: string | null
  /** What a script's first line says to run it with: for `env NAME` the name. */
  readonly interpreter: string | null
  /** At most the first ARGV_BYTES of all words together. */
  readonly argv: string[]
  readonly argv_truncated: boolean
  readonly cwd: string | null
  /** The pipe (its inode number) on stdin and on stdout: two processes that share one are a pipeline. */
  readonly stdin_pipe: number | null
  readonly stdout_pipe: number | null
}

/** What there is to say of an exec but for who, and when. */
export type ExecDetails = Omit<ExecEvent, 'event' | 'time_ms' | keyof ProcessId>

export interface ExitEvent extends ProcessId {
  readonly event: 'exit'
  readonly time_ms: number
  readonly exit_code: number | null
  readonly signal: number | null
}

/** Events that a backend knows it has lost since the last of these; what it told after that is right again. */
export interface LossEvent {
  readonly event: 'loss'
  readonly time_ms: number
  /** Not written, since their reader was too slow. */
  readonly lost_events: number
  /** Forked unseen, with everything below them, for lack of kernel memory. */
  readonly lost_processes: number
}

export type ProcessEvent = ForkEvent | ExecEvent | ExitEvent

export const ARGV_BYTES = 4096

export function isSameProcess(one: ProcessId, other: ProcessId): boolean {
  return one.pid === other.pid && one.start_ticks === other.start_ticks
}

/** One process for good, as what a map finds it by. */
export type ProcessKey = number

/** Pids have 22 bits (PID_MAX_LIMIT), and 31 of the ticks tell what began within 248 days: an exact number. */
export function processKey({ pid, start_ticks }: ProcessId): ProcessKey {
  return (start_ticks & 0x7fffffff) * 2 ** 22 + pid
}
