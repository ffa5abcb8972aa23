// What the mount that leaves are made in is good for: options of cgroup2 itself, the same for whoever asks.

import { readFileSync } from 'node:fs'
import { CGROUP_ROOT } from './container-cgroup.ts'

/** Without which a leaf would limit nothing. */
export const LEAF_CONTROLLERS = ['memory', 'pids'] as const

/**
 * Whether the kernel keeps a namespace of cgroups from what belongs to who made it. Without that, a command that mounts
 * its own cgroup in a namespace of its own could raise its own limits. Since Linux 4.13; systemd sets it.
 */
export function keepsLimits(mounts = readMounts()): boolean {
  return optionsOf(mounts).includes('nsdelegate')
}

/** Whether to move a process costs no grace period of the kernel, and each fork a little more. Since Linux 6.0. */
export function favorsMoves(mounts = readMounts()): boolean {
  return optionsOf(mounts).includes('favordynmods')
}

function readMounts(): string {
  return readFileSync('/proc/self/mounts', 'utf8')
}

/** `mounts`: as in /proc/self/mounts. */
function optionsOf(mounts: string): string[] {
  const fields = mounts.split('\n').map((line) => line.split(' '))
  const own = fields.find(([, folder, type]) => folder === CGROUP_ROOT && type === 'cgroup2')
  return own?.[3]?.split(',') ?? []
}
