// How a missing program is installed on this distribution.

import { existsSync, readFileSync } from 'node:fs'

export type Family = 'debian' | 'fedora' | 'arch'

const INSTALL: Readonly<Record<Family, string>> = {
  debian: 'sudo apt-get install',
  fedora: 'sudo dnf install',
  arch: 'sudo pacman -S',
}

/** The package of a program, where it is not called the same. */
const PACKAGES: Readonly<Record<string, Partial<Record<Family, string>>>> = {
  newuidmap: { debian: 'uidmap', fedora: 'shadow-utils', arch: 'shadow' },
  pasta: { debian: 'passt', fedora: 'passt', arch: 'passt' },
  'containers-common': { debian: 'golang-github-containers-common' },
}

/** From os-release(5); null for a distribution of another kind. */
export function packageFamily(osRelease = '/etc/os-release'): Family | null {
  if (!existsSync(osRelease)) return null
  const text = readFileSync(osRelease, 'utf8')
  const ids = [...text.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, value]) =>
    (value as string).split(' '),
  )
  if (ids.includes('debian') || ids.includes('ubuntu')) return 'debian'
  if (ids.includes('fedora') || ids.includes('rhel')) return 'fedora'
  return ids.includes('arch') ? 'arch' : null
}

export function installCommand(family: Family | null, program: string): string {
  if (family === null) return `install ${program}`
  return `${INSTALL[family]} ${PACKAGES[program]?.[family] ?? program}`
}
