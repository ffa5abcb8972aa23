// What tests of --control share: whether this machine can, and what may be left of it.

import { readHost } from '../../cli/powers/host.ts'

/** Why no leaves can be had here; null if they can. */
export function lacksForLeaves(): string | null {
  const { cgroups, controllers } = readHost()
  if (cgroups !== 'v2') return `cgroup ${cgroups}`
  return controllers.includes('memory') ? null : 'no memory controller is delegated'
}

/** Every leaf of acg's that this machine has. Others' cgroups come and go meanwhile, which find passes over. */
export function leavesLeft(): string[] {
  const { stdout } = Bun.spawnSync(['find', '/sys/fs/cgroup', '-path', '*/libpod-*/acg*'], {
    stderr: 'ignore',
  })
  return stdout.toString().split('\n').filter(Boolean)
}
