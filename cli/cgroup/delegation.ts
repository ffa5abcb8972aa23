// Whether the kernel keeps a namespace of cgroups from what belongs to who made it. Without that, a command that mounts
// its own cgroup in a namespace of its own could raise its own limits (`nsdelegate`, since Linux 4.13; systemd sets it).

import { CGROUP_ROOT } from './container-cgroup.ts'

/** Without which a leaf would limit nothing. */
export const LEAF_CONTROLLERS = ['memory', 'pids'] as const

/** `mounts`: as in /proc/self/mounts. */
export function keepsLimits(mounts: string): boolean {
  return mounts.split('\n').some((line) => {
    const [, folder, type, options = ''] = line.split(' ')
    return folder === CGROUP_ROOT && type === 'cgroup2' && options.split(',').includes('nsdelegate')
  })
}
