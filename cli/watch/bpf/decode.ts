// One event out of a ring, as bpf/acg.h lays it out, in acg's words. It knows nothing of the events around it.
//
// All that a run's processes do passes here, beside the run: hence what is made of it is the event that is told.

import { acg_event, acg_exec, acg_exit, acg_flag, acg_fork, acg_kind } from '../../../bpf/acg.gen.ts'
import { shebangInterpreter } from '../../procfs/shebang.ts'
import { decodeStatus } from '../../procfs/wait-status.ts'
import type { ExecEvent, ExitEvent, ForkEvent, ProcessId } from '../process-event.ts'
import { RingText } from './ring-text.ts'

export type Decoded =
  | { readonly kind: 'fork'; readonly event: ForkEvent; readonly isOfRoot: boolean }
  | {
      readonly kind: 'exec'
      readonly event: ExecEvent
      readonly parent: ProcessId | null
      /** Which of the process's execs it is. */
      readonly number: number
    }
  | { readonly kind: 'exit'; readonly event: ExitEvent; readonly isOfRoot: boolean }

export class Decoder {
  readonly #text = new RingText()
  /** Most processes have the folder of the one before them. */
  #names = ''
  #folder = '/'

  /** Times count from `runStartNs` of CLOCK_MONOTONIC. */
  constructor(private readonly runStartNs: number) {}

  timeMs(ns: number): number {
    return Math.round((ns - this.runStartNs) / 1e3) / 1e3
  }

  /** Throws if it is no event: reader and programs are not of one build. */
  decode(words: Uint32Array, at: number): Decoded {
    const kind = acg_event.kindOf(words, at)
    switch (kind) {
      case acg_kind.ACG_FORK:
        return this.#fork(acg_fork.read(words, at))
      case acg_kind.ACG_EXEC:
        return this.#exec(words, at)
      case acg_kind.ACG_EXIT:
        return this.#exit(acg_exit.read(words, at))
      default:
        throw new Error(`a ring holds an event of kind ${kind}, which nobody taught its reader`)
    }
  }

  #fork({ event, parent_pid, parent_start_ticks }: acg_fork): Decoded {
    const { pid, start_ticks, flags } = event
    return {
      kind: 'fork',
      event: {
        event: 'fork',
        time_ms: this.timeMs(event.time_ns),
        pid,
        start_ticks,
        parent: processOf(parent_pid, parent_start_ticks),
      },
      isOfRoot: (flags & acg_flag.ACG_OF_ROOT) !== 0,
    }
  }

  #exit({ event, status }: acg_exit): Decoded {
    const { pid, start_ticks, flags } = event
    const { exit_code, signal } = decodeStatus(status)
    return {
      kind: 'exit',
      event: { event: 'exit', time_ms: this.timeMs(event.time_ns), pid, start_ticks, exit_code, signal },
      isOfRoot: (flags & acg_flag.ACG_OF_ROOT) !== 0,
    }
  }

  #exec(words: Uint32Array, at: number): Decoded {
    const told = acg_exec.read(words, at)
    const { time_ns, pid, start_ticks, flags } = told.event
    const argvAt = told.file_bytes
    const cwdAt = argvAt + told.argv_bytes
    const end = cwdAt + told.cwd_bytes
    const textAt = at + acg_exec.bytes
    this.#text.read(words, textAt, textAt + end)
    const file = this.#text.part(0, Math.max(0, argvAt - 1))
    // Each has a zero byte at its end, but for the one that was cut.
    const argvWords = this.#text.part(argvAt, cwdAt).split('\0')
    const isCut = (flags & acg_flag.ACG_ARGV_CUT) !== 0
    if (argvWords.at(-1) === '') argvWords.pop()
    const { interpreter, argv, argv_truncated } =
      flags & acg_flag.ACG_SCRIPT
        ? scriptAsTyped(file, argvWords, isCut)
        : { interpreter: null, argv: argvWords, argv_truncated: isCut }
    return {
      kind: 'exec',
      event: {
        event: 'exec',
        time_ms: this.timeMs(time_ns),
        pid,
        start_ticks,
        file,
        interpreter,
        argv,
        argv_truncated,
        cwd: flags & acg_flag.ACG_NO_CWD ? null : this.#folderOf(this.#text.part(cwdAt, end)),
        stdin_pipe: told.stdin_pipe || null,
        stdout_pipe: told.stdout_pipe || null,
      },
      parent: processOf(told.parent_pid, told.parent_start_ticks),
      number: told.number,
    }
  }

  /** From the names on the way up, each with a zero byte behind it. */
  #folderOf(names: string): string {
    if (names !== this.#names) {
      this.#names = names
      this.#folder = `/${names.split('\0').slice(0, -1).reverse().join('/')}`
    }
    return this.#folder
  }
}

/** Who is not in the container is none. */
function processOf(pid: number, start_ticks: number): ProcessId | null {
  return pid === 0 ? null : { pid, start_ticks }
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
