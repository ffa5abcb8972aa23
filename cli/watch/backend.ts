// Which backend watches a run. A backend that is not chosen is not loaded.

import { existsSync } from 'node:fs'
import { AcgError } from '../errors.ts'
import { daemonSocket } from '../places.ts'
import { lacksForBpf } from '../powers/bpf.ts'
import type { ObtainGrant } from './bpf/grant.ts'
import { SeccompWatcher } from './seccomp/seccomp-watcher.ts'
import type { Watcher, WatchListener } from './watcher.ts'

/** `folder` is the run's own; times count from `runStartNs` of CLOCK_MONOTONIC. Throws AcgError. */
export type MakeWatcher = (folder: string, runStartNs: number, listener: WatchListener) => Watcher

/** null if nothing is to be watched. Throws AcgError if what was asked for is not to be had. */
export async function chooseBackend(
  choice: 'auto' | 'bpf' | 'seccomp' | 'none',
): Promise<MakeWatcher | null> {
  if (choice === 'none') return null
  const obtain = choice === 'seccomp' ? null : await grantOf(choice)
  if (!obtain) return (folder, startNs, listener) => new SeccompWatcher(folder, startNs, listener)
  const { BpfWatcher } = await import('./bpf/bpf-watcher.ts')
  return (_, startNs, listener) => new BpfWatcher(obtain, startNs, listener)
}

/** By the daemon where it answers; in this process, if it may, where that was asked for. */
async function grantOf(choice: 'auto' | 'bpf'): Promise<ObtainGrant | null> {
  const socket = daemonSocket()
  if (existsSync(socket)) {
    const { DaemonConnection } = await import('../daemon/client.ts')
    const connection = DaemonConnection.to(socket)
    if (connection) return () => connection.open()
  }
  if (choice === 'auto') return null
  const lack = lacksForBpf()
  if (lack) {
    throw new AcgError({
      what: 'cannot watch by BPF: acg’s daemon does not answer, and this process may not do it itself',
      seen: `${socket}: ${existsSync(socket) ? 'nobody listens' : 'no such socket'}; ${lack.seen}`,
      hint: `./install.sh --daemon; or use --watch seccomp, or leave --watch out`,
    })
  }
  return (await import('./bpf/local-grant.ts')).grantLocally
}
