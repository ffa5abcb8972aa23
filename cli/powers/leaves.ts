// Whether each tool call can have a cgroup of its own here, as far as that can be told before a container is there.

import { keepsLimits, LEAF_CONTROLLERS } from '../cgroup/delegation.ts'
import { readHost } from './host.ts'

/** What stands against it; null if nothing does. */
export function lacksForLeaves(): string | null {
  const { cgroups, controllers } = readHost()
  if (cgroups !== 'v2') return `cgroup ${cgroups}, and it takes v2`
  const missing = LEAF_CONTROLLERS.filter((name) => !controllers.includes(name))
  if (missing.length > 0) return `no ${missing.join(' and no ')} controller is delegated to you`
  return keepsLimits() ? null : 'cgroup2 is mounted without nsdelegate'
}
