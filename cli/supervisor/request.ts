// What a user asks of one run.

import type { PoolWish } from '../broker/control.ts'
import { DEFAULT_SETTINGS, type Settings } from '../policy/settings.ts'
import type { Control } from '../record/schema.ts'
import type { PodmanFlags } from '../sandbox/podman-line.ts'

export type WatchChoice = 'auto' | 'bpf' | 'seccomp' | 'none'

export interface RunRequest {
  readonly command: readonly string[]
  readonly podman: PodmanFlags
  readonly watch: WatchChoice
  readonly control: Control
  /** Of the memory policy, where calls are controlled. */
  readonly settings: Settings
  /** null where runs know nothing of each other. */
  readonly pool: PoolWish | null
  readonly agent: string | null
  readonly record: string | null
  readonly timeoutMs: number | null
  readonly sampleMs: number
  readonly hostPorts: readonly number[]
  /** What is to be said of how it is meant. */
  readonly notes: readonly string[]
}

export const DEFAULT_SAMPLE_MS = 100

/** A run of `command` with nothing else asked for. */
export function defaultRequest(command: readonly string[]): RunRequest {
  return {
    command,
    podman: { env: [], envFile: [], volume: [] },
    watch: 'auto',
    control: 'off',
    settings: DEFAULT_SETTINGS,
    pool: null,
    agent: null,
    record: null,
    timeoutMs: null,
    sampleMs: DEFAULT_SAMPLE_MS,
    hostPorts: [],
    notes: [],
  }
}
