// What this machine is like, as far as it decides how a container can be started. Read from files: asking
// Podman costs more than starting a container may.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type CgroupVersion = 'v2' | 'hybrid' | 'v1'

export interface Limits {
  /** null is unlimited. */
  readonly openFiles: number | null
  readonly processes: number | null
}

export interface Host {
  readonly uid: number
  readonly cgroups: CgroupVersion
  readonly hardLimits: Limits
  /** kernel.pid_max: no pid reaches it. */
  readonly mostPids: number
  /** CAP_SYS_RESOURCE: may raise hard limits. */
  readonly raisesLimits: boolean
  /** The controllers with which this user's containers can be limited. */
  readonly controllers: readonly string[]
}

export function readHost(): Host {
  const uid = process.getuid?.() ?? 0
  const cgroups = cgroupVersion()
  return {
    uid,
    cgroups,
    controllers: controllers(uid, cgroups),
    hardLimits: parseHardLimits(readFileSync('/proc/self/limits', 'utf8')),
    mostPids: Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8')),
    raisesLimits: (effectiveCapabilities() & (1n << 24n)) !== 0n,
  }
}

/** A bit for each capability that this process may use now. */
export function effectiveCapabilities(): bigint {
  const status = readFileSync('/proc/self/status', 'utf8')
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`)
}

/**
 * Root limits by any controller. A user does by those that his systemd manager was given, on cgroup v2 alone, and
 * only where Podman can ask that manager over the session bus.
 */
function controllers(uid: number, cgroups: CgroupVersion): string[] {
  if (uid === 0) return ['cpu', 'memory', 'pids']
  const file = `/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service/cgroup.controllers`
  const isAsked = existsSync(join(process.env.XDG_RUNTIME_DIR ?? `/run/user/${uid}`, 'bus'))
  return cgroups === 'v2' && isAsked && existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : []
}

export function cgroupVersion(root = '/sys/fs/cgroup'): CgroupVersion {
  if (existsSync(join(root, 'cgroup.controllers'))) return 'v2'
  return existsSync(join(root, 'unified')) ? 'hybrid' : 'v1'
}

/** /proc/PID/limits, proc_pid_limits(5). */
export function parseHardLimits(text: string): Limits {
  const hard = (name: string): number | null => {
    const value = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(text)?.[1]
    return value === undefined || value === 'unlimited' ? null : Number(value)
  }
  return { openFiles: hard('Max open files'), processes: hard('Max processes') }
}

/** The absolute path of a program in PATH or in the folders that only root has in PATH; null if there is none. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | null {
  const folders = [
    ...path.split(':'),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/usr/libexec/podman',
    '/usr/lib/podman',
  ]
  for (const folder of folders) {
    const file = join(folder, name)
    if (folder.startsWith('/') && existsSync(file)) return file
  }
  return null
}
