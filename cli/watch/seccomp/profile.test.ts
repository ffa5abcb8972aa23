import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { AcgError } from '../../errors.ts'
import { installedProfilePath, type SeccompProfile, watchedProfile } from './profile.ts'

const WATCHED = ['execve', 'execveat', 'setsid']
const SYNTHETIC: SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 38,
  archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] }],
  syscalls: [
    { names: ['bdflush', 'io_pgetevents'], action: 'SCMP_ACT_ERRNO', errnoRet: 1, args: [] },
    { names: ['close', 'execve', 'execveat', 'read', 'setsid'], action: 'SCMP_ACT_ALLOW', args: [] },
    { names: ['execve'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
    { name: 'setsid', action: 'SCMP_ACT_ALLOW' },
    { names: ['mount'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
  ],
}
const INSTALLED = '/usr/share/containers/seccomp.json'

const namesOf = ({ names, name }: SeccompProfile['syscalls'][number]) => names ?? [name as string]

describe('watchedProfile()', () => {
  const profiles: [string, SeccompProfile][] = [['a made-up profile', SYNTHETIC]]
  if (existsSync(INSTALLED)) profiles.push(['the installed one', JSON.parse(readFileSync(INSTALLED, 'utf8'))])

  for (const [what, profile] of profiles) {
    const watched = watchedProfile(profile, '/run/x.sock')

    test(`leaves no watched call in an allow rule of ${what}: one would pass unseen`, () => {
      const allowed = watched.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW').flatMap(namesOf)
      for (const name of WATCHED) expect(allowed).not.toContain(name)
      const asked = watched.syscalls.filter(({ action }) => action === 'SCMP_ACT_NOTIFY')
      expect(asked.map(namesOf)).toEqual([WATCHED])
    })

    test(`changes nothing else of ${what}: a weaker filter would be a hole`, () => {
      const rules = ({ syscalls }: SeccompProfile) =>
        syscalls
          .filter(({ action }) => action !== 'SCMP_ACT_NOTIFY')
          .flatMap((rule) => namesOf(rule).map((name) => JSON.stringify({ ...rule, names: [name] })))
          .filter((rule) => !WATCHED.some((name) => rule.includes(`"${name}"`)))
      expect(rules(watched)).toEqual(rules(profile))
      const { syscalls: _, listenerPath, ...rest } = watched
      const { syscalls: __, ...restBefore } = profile
      expect(listenerPath).toBe('/run/x.sock')
      // With archMap: rules hold for the 32-bit architectures that it names.
      expect(rest).toEqual(restBefore)
    })
  }

  test('keeps denied what an administrator denies: acg lets go on whatever it is asked', () => {
    const deny = { names: ['setsid'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }
    const watched = watchedProfile({ ...SYNTHETIC, syscalls: [...SYNTHETIC.syscalls, deny] }, '/s')
    expect(watched.syscalls).toContainEqual(deny)
    expect(watched.syscalls.at(-1)?.names).toEqual(['execve', 'execveat'])
  })

  test('leaves a rule of a denied call as it is: Podman takes none that has both a name and names', () => {
    const deny = { name: 'setsid', action: 'SCMP_ACT_ERRNO' }
    const watched = watchedProfile({ ...SYNTHETIC, syscalls: [...SYNTHETIC.syscalls, deny] }, '/s')
    expect(watched.syscalls).toContainEqual(deny)
    expect(watched.syscalls.filter(({ name, names }) => name !== undefined && names?.length)).toEqual([])
  })

  test('finds a watched call that a rule names beside an empty list, as Podman does: it would pass unseen', () => {
    const rule = { names: [], name: 'execve', action: 'SCMP_ACT_ALLOW' }
    const { syscalls } = watchedProfile({ ...SYNTHETIC, syscalls: [rule] }, '/s')
    expect(syscalls.map(({ action, names }) => [action, names])).toEqual([['SCMP_ACT_NOTIFY', ['execve']]])
  })

  test('leaves no watched call of a rule that names it twice: the second would pass unseen', () => {
    const rule = { names: ['execve', 'read', 'execve'], action: 'SCMP_ACT_ALLOW' }
    const { syscalls } = watchedProfile({ ...SYNTHETIC, syscalls: [rule] }, '/s')
    expect(syscalls.map(namesOf)).toEqual([['read'], ['execve']])
  })

  test('asks for nothing that the profile leaves out, unless what is left out is allowed', () => {
    const without = { ...SYNTHETIC, syscalls: [{ names: ['execve'], action: 'SCMP_ACT_ALLOW' }] }
    expect(watchedProfile(without, '/s').syscalls.at(-1)?.names).toEqual(['execve'])
    const open = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] }
    expect(watchedProfile(open, '/s').syscalls.at(-1)?.names).toEqual(WATCHED)
  })
})

describe('installedProfilePath()', () => {
  test('prefers the administrator’s profile, as Podman does', () => {
    expect(installedProfilePath(() => true)).toBe('/etc/containers/seccomp.json')
    expect(installedProfilePath((path) => path === INSTALLED)).toBe(INSTALLED)
  })

  test('says what to install where there is none', () => {
    const call = () => installedProfilePath(() => false)
    expect(call).toThrow(AcgError)
    expect(call).toThrow('cannot watch execs by seccomp: Podman’s own filter is not installed')
  })
})
