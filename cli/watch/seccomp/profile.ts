// Podman's own seccomp filter, with the watched calls turned from "allow" into "ask acg".
//
// A profile given on the command line replaces Podman's, so what Podman would have used is read and kept: only
// the watched names leave its allow rules. Rules hold for every architecture of the profile's map, the 32-bit
// ones included.

import { existsSync, readFileSync } from 'node:fs'
import { AcgError } from '../../errors.ts'

/** Its name in the run's own folder. */
export const SECCOMP_PROFILE_FILE = 'seccomp.json'

const WATCHED: readonly string[] = ['execve', 'execveat', 'setsid']
const ALLOW = 'SCMP_ACT_ALLOW'

/** Where containers-common and an administrator put the profile, first found wins as in Podman. */
const PLACES = ['/etc/containers/seccomp.json', '/usr/share/containers/seccomp.json']

interface Rule {
  names?: string[]
  name?: string
  action: string
  [more: string]: unknown
}

export interface SeccompProfile {
  defaultAction: string
  syscalls: Rule[]
  listenerPath?: string
  [more: string]: unknown
}

/** The path of the profile that Podman would use. Throws AcgError if there is none. */
export function installedProfilePath(exists: (path: string) => boolean = existsSync): string {
  const path = PLACES.find(exists)
  if (path) return path
  throw new AcgError({
    what: 'cannot watch execs by seccomp: Podman’s own filter is not installed',
    seen: `none of ${PLACES.join(', ')}`,
    hint: 'install the package `containers-common` (Debian: golang-github-containers-common), or run with --watch none',
  })
}

/**
 * `profile` with the watched calls that it allows sent to the listener at `listenerPath`; everything else
 * unchanged: acg lets go on what it is asked, so what is denied must not be asked.
 */
export function watchedProfile(profile: SeccompProfile, listenerPath: string): SeccompProfile {
  const { syscalls: rules, defaultAction } = profile
  // A start waits for this: most rules name none of the watched calls, and stay the objects that they are.
  const concerned = new Set<Rule>()
  for (const rule of rules) {
    const names = namesOf(rule)
    for (const name of WATCHED) if (names.includes(name)) concerned.add(rule)
  }
  const asked = WATCHED.filter((name) => {
    const own = [...concerned].filter((rule) => namesOf(rule).includes(name))
    return own.length === 0 ? defaultAction === ALLOW : own.every(({ action }) => action === ALLOW)
  })
  const kept = rules.flatMap((rule) => {
    if (!concerned.has(rule)) return [rule]
    const names = namesOf(rule)
    const others = without(names, asked)
    if (others.length === names.length) return [rule]
    return others.length > 0 ? [{ ...rule, names: others }] : []
  })
  const ask: Rule = { names: asked, action: 'SCMP_ACT_NOTIFY', args: [], comment: 'watched by acg' }
  return { ...profile, listenerPath, syscalls: [...kept, ask] }
}

function namesOf({ names, name }: Rule): string[] {
  return names?.length ? names : name === undefined ? [] : [name]
}

/** As filter() would, which asks one by one: such a list holds hundreds. */
function without(names: readonly string[], taken: readonly string[]): string[] {
  const others = [...names]
  for (const name of taken) {
    let at = others.indexOf(name)
    while (at >= 0) {
      others.splice(at, 1)
      at = others.indexOf(name, at)
    }
  }
  return others
}

/** Reads the installed profile and returns the watched one as text. Throws AcgError. */
export function watchedProfileText(listenerPath: string): string {
  const path = installedProfilePath()
  return JSON.stringify(
    watchedProfile(JSON.parse(readFileSync(path, 'utf8')) as SeccompProfile, listenerPath),
  )
}
