// The project: the folder that the agent may write, at its own path.

import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AcgError } from '../errors.ts'

const NEVER = [
  '/',
  '/home',
  '/root',
  '/usr',
  '/etc',
  '/var',
  '/tmp',
  '/opt',
  '/srv',
  '/boot',
  '/dev',
  '/proc',
  '/sys',
  '/run',
]

/** The git work tree that holds `cwd`, or `cwd` itself. Throws AcgError where that would open too much. */
export function findProject(cwd: string, home: string): string {
  const project = workTree(cwd) ?? cwd
  const resolved = realpathSync(project)
  if (
    resolved === realpathSync(home) ||
    NEVER.includes(resolved) ||
    realpathSync(home).startsWith(`${resolved}/`)
  ) {
    throw new AcgError({
      what: `cannot give the agent ${project} as its project: it could write everything below it`,
      seen: `the current folder is ${cwd}`,
      hint: 'cd into a project folder, e.g. `mkdir work && cd work`',
    })
  }
  return project
}

function workTree(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder
  const parent = dirname(folder)
  return parent === folder ? null : workTree(parent)
}
