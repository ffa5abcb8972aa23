// The cgroups of a container that lost its monitor: nobody else removes them where no systemd does.

import { readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { CGROUP_ROOT } from './container-cgroup.ts'

/** The container's own cgroup in each hierarchy, from its init; none where it shares one with others. */
export function ownCgroups(initPid: number): string[] {
  const outside = new Set(lines('/proc/self/cgroup'))
  return lines(`/proc/${initPid}/cgroup`)
    .filter((line) => !outside.has(line) && !line.endsWith(':/'))
    .flatMap((line) => {
      const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
      const names = controllers === '' ? ['', 'unified'] : [controllers, ...controllers.split(',')]
      return names.map((name) => join(CGROUP_ROOT, name.replace(/^name=/, ''), path))
    })
}

/** Removes those that are still there and empty. */
export function removeCgroups(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // Not there any more, or not empty: then it is not abandoned.
      if (code !== 'ENOENT' && code !== 'EBUSY' && code !== 'ENOTEMPTY') throw error
    }
  }
}

function lines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean)
}
