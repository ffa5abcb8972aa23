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
  const timeNs = event.time_ns
  const id = { pid: event.pid, start_ticks: event.start_ticks }
  const isOfRoot = (event.flags & acg_flag.ACG_OF_ROOT) !== 0
  switch (event.kind) {
    case acg_kind.ACG_FORK:
      return { kind: 'fork', timeNs, id, parent: parentOf(acg_fork.read(view, at)), isOfRoot }
    case acg_kind.ACG_EXEC: {
      const told = acg_exec.read(view, at)
      const exec = decodeExec(view, at, told)
      return { kind: 'exec', timeNs, id, parent: parentOf(told), number: told.number, exec }
    }
    case acg_kind.ACG_EXIT:
      return { kind: 'exit', timeNs, id, status: decodeStatus(acg_exit.read(view, at).status), isOfRoot }
    default:
      throw new Error(`a ring holds an event of kind ${event.kind}, which nobody taught its reader`)
  }
}

function decodeExec(view: DataView, at: number, told: acg_exec): ExecDetails {
  const { flags } = told.event
  const bytes = told.file_bytes + told.argv_bytes + told.cwd_bytes
  const text = Buffer.from(view.buffer, view.byteOffset + at + acg_exec.bytes, bytes)
  const argvAt = told.file_bytes
  const cwdAt = argvAt + told.argv_bytes
  const [file = ''] = strings(text, 0, argvAt)
  const words = strings(text, argvAt, cwdAt)
  // Each has a zero byte at its end, but for the one that was cut.
  const isCut = (flags & acg_flag.ACG_ARGV_CUT) !== 0
  if (words.at(-1) === '') words.pop()
  const { interpreter, argv, argv_truncated } =
    flags & acg_flag.ACG_SCRIPT
      ? scriptAsTyped(file, words, isCut)
      : { interpreter: null, argv: words, argv_truncated: isCut }
  return {
    file,
    interpreter,
    argv,
    argv_truncated,
    cwd: flags & acg_flag.ACG_NO_CWD ? null : folderOf(strings(text, cwdAt, bytes)),
    stdin_pipe: told.stdin_pipe || null,
    stdout_pipe: told.stdout_pipe || null,
  }
}

function strings(text: Buffer, from: number, to: number): string[] {
  return text.toString('utf8', from, to).split('\0')
}

/** From the names on the way up, and what stands behind the last one's zero byte. */
function folderOf(names: string[]): string {
  names.pop()
  return `/${names.reverse().join('/')}`
}

/** Who is not in the container is none. */
function parentOf(told: { parent_pid: number; parent_start_ticks: number }): ProcessId | null {
  return told.parent_pid === 0 ? null : { pid: told.parent_pid, start_ticks: told.parent_start_ticks }
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
