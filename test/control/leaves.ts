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
  const named = ['acg-runtime', 'acg-services', 'acg-call-*']
    .flatMap((name) => ['-o', '-name', name])
    .slice(1)
  const { stdout } = Bun.spawnSync(['find', '/sys/fs/cgroup', ...named], { stderr: 'ignore' })
  return stdout.toString().split('\n').filter(Boolean)
}
