// What a user asks of one run.

import type { PodmanFlags } from '../sandbox/podman-line.ts'

export type WatchChoice = 'auto' | 'bpf' | 'seccomp' | 'none'

export interface RunRequest {
  readonly command: readonly string[]
  readonly podman: PodmanFlags
  readonly watch: WatchChoice
  readonly agent: string | null
  readonly record: string | null
  readonly timeoutMs: number | null
  readonly sampleMs: number
  readonly hostPorts: readonly number[]
}
