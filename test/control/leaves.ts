// What tests of --control share: whether this machine can, and what may be left of it.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readHost } from '../../cli/powers/host.ts'

/** Why no leaves can be had here; null if they can. */
export function lacksForLeaves(): string | null {
  const { cgroups, controllers } = readHost()
  if (cgroups !== 'v2') return `cgroup ${cgroups}`
  return controllers.includes('memory') ? null : 'no memory controller is delegated'
}

/** Every leaf of acg's that this machine has. */
export function leavesLeft(folder = '/sys/fs/cgroup'): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const path = join(folder, name)
      return name.startsWith('acg-') && !name.includes('.') ? [path] : leavesLeft(path)
    })
}
