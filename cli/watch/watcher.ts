// What a watch backend is to the supervisor.

import type { Newcomer } from '../../ffi/mod.ts'
import type { LossEvent, ProcessEvent, ProcessId } from './process-event.ts'

/** An exec that stands still before it is carried out, or that was foreseen. */
export interface HeldExec {
  readonly id: ProcessId
  readonly argv: readonly string[]
  /** Of the environment that it is given at least what is meant for acg: the entries that begin with `ACG_`. */
  readonly environment: readonly string[]
  /** Of one that was put where the foreseen one belongs, and let go. */
  readonly placed: Placed | null
}

export interface Placed {
  /** A duplicate of its standard error, the receiver's to close; null if it is not guarded, or has none. */
  readonly standardError: number | null
}

export interface Door {
  /** Who is expected next is put into its leaf and let go, and told to `held` then. For one, until another is held. */
  foresee(newcomer: Newcomer): void
  foreseeNobody(): void
}

export interface WatchListener {
  /** The container's init is under watch; the agent has not been started. */
  attached(initPid: number): void
  events(events: readonly (ProcessEvent | LossEvent)[]): void
  /**
   * Where this is given and the watcher can hold an exec, one outside every call's leaf stands still until it is let go,
   * unless it was foreseen; its events were told before.
   */
  held?(exec: HeldExec, letGo: () => void): void
  /** Nothing more will come. */
  ended(): void
  failed(error: Error): void
}

export interface Watcher {
  readonly power: 'seccomp' | 'bpf'
  /** Where it holds execs; null if it cannot. */
  readonly door: Door | null
  /** The seccomp profile that the container has to be given, if watching needs one. */
  readonly seccompProfile: string | null
  /** Called once the container's start is under way. */
  start(): void
  /** The container's init waits for "go": what it starts from now on has to be seen. */
  follow(initPid: number): void
  /** Asks for the end; `ended` follows once all that was seen has been told. */
  stop(): void
}
