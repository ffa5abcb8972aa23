// Which backend watches a run. A backend that is not chosen is not loaded.

import { SeccompWatcher } from './seccomp/seccomp-watcher.ts'
import type { Watcher, WatchListener } from './watcher.ts'

/** `folder` is the run's own; times count from `runStartNs` of CLOCK_MONOTONIC. Throws AcgError. */
export type MakeWatcher = (folder: string, runStartNs: number, listener: WatchListener) => Watcher

/** null if nothing is to be watched. */
export async function chooseBackend(
  choice: 'auto' | 'bpf' | 'seccomp' | 'none',
): Promise<MakeWatcher | null> {
  if (choice === 'none') return null
  if (choice !== 'bpf') return (folder, startNs, listener) => new SeccompWatcher(folder, startNs, listener)
  const { BpfWatcher } = await import('./bpf/bpf-watcher.ts')
  const { grantLocally } = await import('./bpf/local-grant.ts')
  return (_, startNs, listener) => new BpfWatcher(grantLocally, startNs, listener)
}
