// A call from its first exec on: what is known of it without its processes, which are forgotten as they end.

import type { Call, Kind, UsageSource } from '../record/schema.ts'
import { type ExecEvent, isSameProcess, type ProcessId } from '../watch/process-event.ts'
import { execKind, isBefore, programName } from './classify.ts'

/** A child that ends this shortly after its call's root was on its way out, not left in the background. */
const BACKGROUND_AFTER_MS = 100

/** How a call began: by the exec of which file, in whose child, with which words but for the last, the command. */
export interface Beginning {
  readonly parent: ProcessId
  readonly file: string
  readonly words: readonly string[]
}

/** A process of a call that is none of its roots. */
export interface OtherProcess extends ProcessId {
  readonly argv: readonly string[]
  readonly startMs: number
  /** null while it lives, and if it was there when the agent ended. */
  readonly endMs: number | null
}

type Status = Pick<Call, 'exit_code' | 'signal'>

type Proof = Readonly<Pick<Call, 'kind' | 'program'>>

/** One of the processes that a call ends with. */
interface Root {
  readonly id: ProcessId
  end: Status | null
  /** What it, or anything below it, was executed with: a subshell execs nothing itself. null where that means nothing. */
  pipes: { readonly in: Set<number>; readonly out: Set<number> } | null
}

type Pipes = Pick<ExecEvent, 'stdin_pipe' | 'stdout_pipe'>

export class TrackedCall {
  readonly #roots: Root[] = []
  /** How many it had. */
  processes = 0
  command = ''
  truncated = false
  endMs: number | null = null
  /** null if it is not known, and once the call has ended: one that opens again began otherwise. */
  beginning: Beginning | null = null
  /** What its first root ran last; null until that has ended. */
  argv: readonly string[] | null = null
  peakBytes: number | null = null
  peakSource: UsageSource | null = null
  /** All of it was ended at once: what dies more slowly than the rest was not left running. */
  endedWhole = false
  /** It was none after all; what it was instead, if a part of another call. */
  retracted: { readonly as: TrackedCall | null } | null = null
  /** What really ran, and the program that says so. */
  proof: Proof = { kind: 'other', program: null }
  #settledStatus: Status | null = null
  /** Ended long after it. */
  readonly #leftRunning: OtherProcess[] = []

  constructor(
    readonly number: number,
    readonly startMs: number,
    readonly guessedKind: Kind,
    /** The re-used shell whose job it is. */
    readonly shell: ProcessId | null,
  ) {}

  /** One that it begins with, or a further stage of its pipeline. */
  addRoot(id: ProcessId, command: string, isTruncated: boolean): void {
    this.command = this.#roots.length === 0 ? command : `${this.command} | ${command}`
    this.truncated ||= isTruncated
    const pipes = this.shell && { in: new Set<number>(), out: new Set<number>() }
    this.#roots.push({ id, end: null, pipes })
    this.endMs = null
  }

  /** `other` was a stage of this one, and looked like a call of its own. */
  join(other: TrackedCall): void {
    other.retracted = { as: this }
    this.command = `${this.command} | ${other.command}`
    this.truncated ||= other.truncated
    this.#roots.push(...other.#roots)
    this.processes += other.processes
    if (this.#isProvedBy(other.proof.kind)) this.proof = other.proof
    this.#leftRunning.push(...other.#leftRunning)
  }

  #root(id: ProcessId): Root | undefined {
    return this.#roots.find((root) => isSameProcess(root.id, id))
  }

  isRoot(id: ProcessId): boolean {
    return this.#root(id) !== undefined
  }

  /** Below which of its roots is only asked where it may be a pipeline. */
  sawExec(exec: ExecEvent, rootOf: () => ProcessId | null): void {
    const kind = execKind(exec)
    if (this.#isProvedBy(kind)) this.proof = { kind, program: programName(exec.argv) }
    if (this.shell === null || this.#settledStatus !== null) return
    const root = rootOf()
    const pipes = root && this.#root(root)?.pipes
    if (!pipes) return
    if (exec.stdin_pipe !== null) pipes.in.add(exec.stdin_pipe)
    if (exec.stdout_pipe !== null) pipes.out.add(exec.stdout_pipe)
  }

  /** The first program of the foremost kind proves. */
  #isProvedBy(kind: Kind): boolean {
    return this.proof.program === null || isBefore(kind, this.proof.kind)
  }

  /** Whether what is executed with these is a stage of the same pipeline. */
  sharesPipe({ stdin_pipe, stdout_pipe }: Pipes): boolean {
    return this.#roots.some(
      ({ pipes }) =>
        (stdin_pipe !== null && pipes?.out.has(stdin_pipe)) ||
        (stdout_pipe !== null && pipes?.in.has(stdout_pipe)),
    )
  }

  /** Of its roots one has ended; returns whether the call has. */
  rootEnded(id: ProcessId, endMs: number, argv: readonly string[] | null, status: Status): boolean {
    const root = this.#root(id)
    if (root) root.end = status
    if (root === this.#roots[0]) this.argv = argv
    if (this.#roots.some(({ end }) => end === null)) return false
    this.endMs = endMs
    this.beginning = null
    return true
  }

  /** One of its processes that is no root has ended. */
  otherEnded(process: OtherProcess): void {
    if (this.#wasLeft(process)) this.#leftRunning.push(process)
  }

  /** What a server that it left starts and ends later, time after time, is not what it left. */
  #wasLeft({ startMs, endMs }: OtherProcess): boolean {
    if (this.endMs === null) return false
    return endMs === null || (startMs <= this.endMs && endMs > this.endMs + BACKGROUND_AFTER_MS)
  }

  /** Nothing will be a stage of it any more. */
  settle(): void {
    this.#settledStatus = this.status
    for (const root of this.#roots) root.pipes = null
  }

  /** As in a shell: the last command of a pipeline tells. */
  get status(): Status {
    if (this.#settledStatus) return this.#settledStatus
    const feeds = (from: Root, to: Root) =>
      from.pipes && to.pipes && !from.pipes.out.isDisjointFrom(to.pipes.in)
    const last = this.#roots.find(
      (root) => !this.#roots.some((other) => other !== root && feeds(root, other)),
    )
    return last?.end ?? { exit_code: null, signal: null }
  }

  /** As it is recorded. `living` are its processes but for the roots. */
  recorded(living: readonly OtherProcess[]): Call {
    const background = this.endedWhole
      ? []
      : [...this.#leftRunning, ...living].filter((process) => this.#wasLeft(process))
    const [{ id: root }] = this.#roots as [Root, ...Root[]]
    return {
      call: this.number,
      start_ms: this.startMs,
      end_ms: this.endMs,
      ...this.status,
      command: this.command,
      command_truncated: this.truncated,
      guessed_kind: this.guessedKind,
      ...this.proof,
      root,
      processes: this.processes,
      peak_bytes: this.peakBytes,
      peak_source: this.peakSource,
      background: background
        .toSorted((a, b) => a.startMs - b.startMs)
        .map(({ pid, start_ticks, argv }) => ({ pid, start_ticks, argv: [...argv] })),
    }
  }
}
