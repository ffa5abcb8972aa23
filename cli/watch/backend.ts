// Which backend watches a run. A backend that is not chosen is not loaded.

import { existsSync } from 'node:fs'
import type { DaemonConnection } from '../daemon/client.ts'
import { AcgError } from '../errors.ts'
import { daemonSocket } from '../places.ts'
import { lacksForBpf } from '../powers/bpf.ts'
import type { ObtainGrant } from './bpf/grant.ts'
import { CONTROLLING, type Pace, RECORDING } from './bpf/pace.ts'
import { SeccompWatcher } from './seccomp/seccomp-watcher.ts'
import type { Watcher, WatchListener } from './watcher.ts'

/** `folder` is the run's own; times count from `runStartNs` of CLOCK_MONOTONIC. Throws AcgError. */
export type MakeWatcher = (folder: string, runStartNs: number, listener: WatchListener) => Watcher

export interface Backend {
  /** null if nothing is to be watched. */
  readonly make: MakeWatcher | null
  /** Why it is not the one that was to be expected here; null if it is. */
  readonly note: string | null
}

const bySeccomp: MakeWatcher = (folder, startNs, listener) => new SeccompWatcher(folder, startNs, listener)

async function byBpf(obtain: ObtainGrant): Promise<MakeWatcher> {
  const { BpfWatcher } = await import('./bpf/bpf-watcher.ts')
  return (_, startNs, listener) => new BpfWatcher(obtain, startNs, listener)
}

/**
 * `controls`: calls are to have cgroups of their own. Then what watches by itself is what can hold an exec until its
 * cgroup is there. Throws AcgError if what was asked for is not to be had.
 */
export async function chooseBackend(
  choice: 'auto' | 'bpf' | 'seccomp' | 'none',
  controls: boolean,
): Promise<Backend> {
  if (controls && choice === 'none') {
    throw new AcgError({
      what: 'cannot put tool calls into cgroups of their own without watching',
      seen: '--watch none',
      hint: 'leave --watch out, or use --control off',
    })
  }
  if (controls && choice === 'auto') return { make: bySeccomp, note: null }
  if (choice === 'none') return { make: null, note: null }
  if (choice === 'seccomp') return { make: bySeccomp, note: null }
  const pace = controls ? CONTROLLING : RECORDING
  if (choice === 'bpf') {
    const daemon = await daemonConnection()
    return { make: await byBpf(daemon ? () => daemon.open(pace) : await ownGrant(pace)), note: null }
  }
  try {
    const daemon = await daemonConnection()
    if (!daemon) return { make: bySeccomp, note: null }
    // Before Podman is started: what the daemon says decides who watches.
    const grant = daemon.open(pace)
    return { make: await byBpf(() => grant), note: null }
  } catch (error) {
    if (!(error instanceof AcgError)) throw error
    return { make: bySeccomp, note: `watched by seccomp, since acg’s daemon gave nothing: ${error.seen}` }
  }
}

async function daemonConnection(): Promise<DaemonConnection | null> {
  const socket = daemonSocket()
  if (!existsSync(socket)) return null
  const { DaemonConnection } = await import('../daemon/client.ts')
  return DaemonConnection.to(socket)
}

/** In this process, if it may. */
async function ownGrant(pace: Pace): Promise<ObtainGrant> {
  const socket = daemonSocket()
  const lack = lacksForBpf()
  if (lack) {
    throw new AcgError({
      what: 'cannot watch by BPF: acg’s daemon does not answer, and this process may not do it itself',
      seen: `${socket}: ${existsSync(socket) ? 'nobody listens' : 'no such socket'}; ${lack.seen}`,
      hint: `./install.sh --daemon; or use --watch seccomp, or leave --watch out`,
    })
  }
  const { grantLocally } = await import('./bpf/local-grant.ts')
  return () => grantLocally(pace)
}
