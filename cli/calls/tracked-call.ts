// A call from its first exec on: what is known of it without its processes, which are forgotten as they end.

import type { Call, Kind, UsageSource } from '../record/schema.ts'
import type { ExecEvent, ProcessId } from '../watch/process-event.ts'
import { execKind, foremost, programName } from './classify.ts'
import type { ProcessNode } from './process-tree.ts'

/** A child that ends this shortly after its call's root was on its way out, not left in the background. */
const BACKGROUND_AFTER_MS = 100

type Root = Pick<ProcessNode<unknown>, 'id' | 'argv' | 'endMs' | 'exitCode' | 'signal'>

type Pipes = Pick<ExecEvent, 'stdin_pipe' | 'stdout_pipe'>

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
  /** null while it lives. */
  readonly endMs: number | null
}

type Proof = Readonly<Pick<Call, 'kind' | 'program'>>

type Status = Pick<Call, 'exit_code' | 'signal'>

export class TrackedCall {
  readonly roots: Root[] = []
  /** How many it had. */
  processes = 0
  command = ''
  truncated = false
  endMs: number | null = null
  /** null once it has ended, or where it is not known. */
  beginning: Beginning | null = null
  peakBytes: number | null = null
  peakSource: UsageSource | null = null
  /** All of it was ended at once: what dies more slowly than the rest was not left running. */
  endedWhole = false
  /** It was none after all; what it was instead, if a part of another call. */
  retracted: { readonly as: TrackedCall | null } | null = null
  #proof: Proof = { kind: 'other', program: null }
  /** What each root, and everything below it, was executed with: a subshell execs nothing itself. */
  readonly #pipes: Map<Root, Pipes[]> | null
  /** Ended long after it. */
  readonly #leftRunning: OtherProcess[] = []

  constructor(
    readonly number: number,
    readonly startMs: number,
    readonly guessedKind: Kind,
    /** The re-used shell whose job it is. */
    readonly shell: object | null,
  ) {
    this.#pipes = shell && new Map()
  }

  /** One that it begins with, or a further stage of its pipeline. */
  addRoot(root: Root, command: string, isTruncated: boolean): void {
    this.command = this.roots.length === 0 ? command : `${this.command} | ${command}`
    this.truncated ||= isTruncated
    this.roots.push(root)
    this.endMs = null
  }

  /** `other` was a stage of this one, and looked like a call of its own. */
  join(other: TrackedCall): void {
    other.retracted = { as: this }
    this.command = `${this.command} | ${other.command}`
    this.truncated ||= other.truncated
    this.roots.push(...other.roots)
    this.processes += other.processes
    this.#prove(other.#proof)
    for (const [root, pipes] of other.#pipes ?? []) this.#pipes?.set(root, pipes)
    this.#leftRunning.push(...other.#leftRunning)
  }

  /** Below which of its roots is only asked where it may be a pipeline. */
  sawExec(exec: ExecEvent, rootOf: () => Root | null): void {
    this.#prove({ kind: execKind(exec), program: programName(exec.argv) })
    const root = this.#pipes && rootOf()
    if (!this.#pipes || !root) return
    const { stdin_pipe, stdout_pipe } = exec
    const seen = this.#pipes.getOrInsertComputed(root, () => [])
    if (!seen.some((one) => one.stdin_pipe === stdin_pipe && one.stdout_pipe === stdout_pipe))
      seen.push({ stdin_pipe, stdout_pipe })
  }

  /** The first program of the foremost kind proves. */
  #prove({ kind, program }: Proof): void {
    const { kind: before } = this.#proof
    if (this.#proof.program === null || (kind !== before && foremost([kind, before]) === kind))
      this.#proof = { kind, program }
  }

  /** Whether what is executed with these is a stage of the same pipeline. */
  sharesPipe(pipes: Pipes): boolean {
    return this.roots.some((root) =>
      this.#pipesOf(root).some((one) => joins(one, pipes) || joins(pipes, one)),
    )
  }

  /** Of its roots one has ended; returns whether the call has. */
  rootEnded(timeMs: number | null): boolean {
    if (this.roots.some((root) => root.endMs === null)) return false
    this.endMs = timeMs
    this.beginning = null
    return true
  }

  /** One of its processes that is no root has ended. */
  otherEnded(process: OtherProcess): void {
    if (this.#wasLeft(process)) this.#leftRunning.push(process)
  }

  /** What a server that it left starts and ends later, time after time, is not what it left. */
  #wasLeft({ startMs, endMs }: OtherProcess): boolean {
    if (this.endMs === null || endMs === null) return this.endMs !== null
    return startMs <= this.endMs && endMs > this.endMs + BACKGROUND_AFTER_MS
  }

  /** The kind by what really ran, and the program that says so. */
  get proof(): Proof {
    return this.#proof
  }

  /** As in a shell: the last command of a pipeline tells. */
  get status(): Status {
    const feeds = (from: Root, to: Root) =>
      this.#pipesOf(from).some((one) => this.#pipesOf(to).some((other) => joins(one, other)))
    const last = this.roots.find((root) => !this.roots.some((other) => other !== root && feeds(root, other)))
    return { exit_code: last?.exitCode ?? null, signal: last?.signal ?? null }
  }

  #pipesOf(root: Root): readonly Pipes[] {
    return this.#pipes?.get(root) ?? []
  }

  /** As it is recorded. `living` are its processes but for the roots. */
  recorded(living: readonly OtherProcess[]): Call {
    const background = this.endedWhole
      ? []
      : [...this.#leftRunning, ...living].filter((process) => this.#wasLeft(process))
    return {
      call: this.number,
      start_ms: this.startMs,
      end_ms: this.endMs,
      ...this.status,
      command: this.command,
      command_truncated: this.truncated,
      guessed_kind: this.guessedKind,
      ...this.proof,
      root: (this.roots[0] as Root).id,
      processes: this.processes,
      peak_bytes: this.peakBytes,
      peak_source: this.peakSource,
      background: background
        .toSorted((a, b) => a.startMs - b.startMs)
        .map(({ pid, start_ticks, argv }) => ({ pid, start_ticks, argv: [...argv] })),
    }
  }
}

function joins(from: Pipes, to: Pipes): boolean {
  return from.stdout_pipe !== null && from.stdout_pipe === to.stdin_pipe
}
