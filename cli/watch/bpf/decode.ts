// One event out of a ring, as bpf/acg.h lays it out, in acg's words. It knows nothing of the events around it.

import { acg_event, acg_exec, acg_exit, acg_flag, acg_fork, acg_kind } from '../../../bpf/acg.gen.ts'
import { shebangInterpreter } from '../../procfs/shebang.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import type { ExecEvent, ExitEvent, ProcessId } from '../process-event.ts'

/** Times are nanoseconds of CLOCK_MONOTONIC. */
interface Told {
  readonly timeNs: number
  readonly id: ProcessId
}

export type Decoded =
  | (Told & { readonly kind: 'fork'; readonly parent: ProcessId | null; readonly isOfRoot: boolean })
  | (Told & {
      readonly kind: 'exec'
      readonly parent: ProcessId | null
      /** Which of the process's execs it is. */
      readonly number: number
      readonly exec: ExecDetails
    })
  | (Told & { readonly kind: 'exit'; readonly status: ExitStatus; readonly isOfRoot: boolean })

export type ExecDetails = Omit<ExecEvent, 'event' | 'time_ms' | keyof ProcessId>
export type ExitStatus = Pick<ExitEvent, 'exit_code' | 'signal'>

/** Throws if it is no event: reader and programs are not of one build. */
export function decode(view: DataView, at: number): Decoded {
  const event = acg_event.read(view, at)
  const told = { timeNs: event.time_ns, id: { pid: event.pid, start_ticks: event.start_ticks } }
  const isOfRoot = (event.flags & acg_flag.ACG_OF_ROOT) !== 0
  switch (event.kind) {
    case acg_kind.ACG_FORK: {
      return { kind: 'fork', ...told, parent: parentOf(acg_fork.read(view, at)), isOfRoot }
    }
    case acg_kind.ACG_EXEC:
      return { kind: 'exec', ...told, ...decodeExec(view, at, event.flags) }
    case acg_kind.ACG_EXIT:
      return { kind: 'exit', ...told, status: decodeStatus(acg_exit.read(view, at).status), isOfRoot }
    default:
      throw new Error(`a ring holds an event of kind ${event.kind}, which nobody taught its reader`)
  }
}

function decodeExec(view: DataView, at: number, flags: number) {
  const exec = acg_exec.read(view, at)
  let from = view.byteOffset + at + acg_exec.bytes
  const strings = (bytes: number): string[] => {
    const text = Buffer.from(view.buffer, from, bytes).toString()
    from += bytes
    return text.split('\0')
  }
  const [file = ''] = strings(exec.file_bytes)
  const words = strings(exec.argv_bytes)
  const folders = strings(exec.cwd_bytes)
  // Each has a zero byte at its end, but for the one that was cut.
  const isCut = (flags & acg_flag.ACG_ARGV_CUT) !== 0
  if (words.at(-1) === '') words.pop()
  folders.pop()
  const details: ExecDetails = {
    file,
    ...(flags & acg_flag.ACG_SCRIPT ? scriptAsTyped(file, words, isCut) : plain(words, isCut)),
    cwd: flags & acg_flag.ACG_NO_CWD ? null : `/${folders.reverse().join('/')}`,
    stdin_pipe: exec.stdin_pipe || null,
    stdout_pipe: exec.stdout_pipe || null,
  }
  return { parent: parentOf(exec), number: exec.number, exec: details }
}

/** Who is not in the container is none. */
function parentOf(told: { parent_pid: number; parent_start_ticks: number }): ProcessId | null {
  return told.parent_pid === 0 ? null : { pid: told.parent_pid, start_ticks: told.parent_start_ticks }
}

function plain(argv: string[], isCut: boolean) {
  return { interpreter: null, argv, argv_truncated: isCut }
}

/**
 * For a script the kernel makes `INTERPRETER [ARGUMENT] FILE …` of argv. What stood in place of FILE, argv[0], is
 * gone by then; most callers give the file's own name there.
 */
function scriptAsTyped(file: string, words: string[], isCut: boolean) {
  const at = words.indexOf(file, 1)
  const before = words.slice(0, at < 0 ? 1 : at)
  const interpreter = shebangInterpreter(Buffer.from(`#!${before.join(' ')}`))
  if (at < 0) return { interpreter, argv: [file], argv_truncated: true }
  return { interpreter, argv: [file, ...words.slice(at + 1)], argv_truncated: isCut }
}
