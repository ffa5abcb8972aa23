// The small project that the demo works in.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AcgError } from '../errors.ts'
import { DEMO_PROJECT } from './steps.ts'

/** Fills `folder` with the project, as a git repository with one commit. Throws AcgError without git. */
export function makeDemoProject(folder: string): void {
  for (const [name, text] of Object.entries(DEMO_PROJECT)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'config', 'user.name', 'Demo')
  git(folder, 'config', 'user.email', 'demo@localhost')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'Six times nine')
}

function git(folder: string, ...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(['git', '-C', folder, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (exitCode === 0) return
  throw new AcgError({
    what: 'cannot make the demo’s project: git failed',
    seen: `git ${args[0]}: ${stderr.toString().trim()}`,
    hint: 'install git (Debian: `sudo apt-get install git`)',
  })
}
