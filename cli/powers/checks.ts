// What acg needs of a machine, as a table: how to look, what was seen, and the command that mends it.

import { existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { AcgError } from '../errors.ts'
import { daemonSocket } from '../places.ts'
import { installedProfilePath } from '../watch/seccomp/profile.ts'
import { kernelLacksForBpf, lacksForBpf } from './bpf.ts'
import { findProgram, type Host, readHost } from './host.ts'
import { type Family, installCommand, packageFamily } from './packages.ts'

/** `fails`: no run is possible. `lacks`: a run is possible with less. */
export type Health = 'ok' | 'lacks' | 'fails'

export interface Finding {
  readonly check: string
  readonly health: Health
  readonly seen: string
  /** What to type, where something can be done about it. */
  readonly mend: string | null
}

interface Looker {
  readonly host: Host
  readonly family: Family | null
}

type Look = (looker: Looker) => Omit<Finding, 'check'>

const ok = (seen: string): Omit<Finding, 'check'> => ({ health: 'ok', seen, mend: null })

function needsProgram(names: readonly string[], health: Health, instead: string): Look {
  return ({ family }) => {
    const found = names.map((name) => findProgram(name)).find((path) => path !== null)
    return found ? ok(found) : { health, seen: instead, mend: installCommand(family, names[0] as string) }
  }
}

const CHECKS: Readonly<Record<string, Look>> = {
  'seccomp notification': () => {
    const actions = readIfThere('/proc/sys/kernel/seccomp/actions_avail') ?? ''
    return actions.includes('user_notif')
      ? ok('the kernel offers user_notif')
      : {
          health: 'fails',
          seen: `the kernel offers ${actions.trim() || 'no seccomp'}`,
          mend: 'boot Linux 5.9 or newer with CONFIG_SECCOMP_FILTER',
        }
  },
  BPF: () => {
    const kernelLacks = kernelLacksForBpf()
    if (kernelLacks) return { health: 'lacks', ...kernelLacks }
    const socket = daemonSocket()
    if (existsSync(socket)) return ok(`acg’s daemon is at ${socket}`)
    const lack = lacksForBpf()
    if (lack)
      return { health: 'lacks', seen: `no daemon at ${socket}; ${lack.seen}`, mend: './install.sh --daemon' }
    return ok('no daemon, but you may load programs yourself: --watch bpf')
  },
  Podman: ({ family }) => {
    const podman = findProgram('podman')
    if (!podman) return { health: 'fails', seen: 'not installed', mend: installCommand(family, 'podman') }
    const version = Bun.spawnSync([podman, '--version']).stdout.toString().trim()
    return ok(`${version} (${podman})`)
  },
  'OCI runtime': (looker) => {
    // crun refuses a machine that mixes cgroup v1 and v2.
    const names = looker.host.cgroups === 'v2' ? ['crun', 'runc'] : ['runc']
    return needsProgram(
      names,
      'fails',
      `none of ${names.join(', ')} for cgroup ${looker.host.cgroups}`,
    )(looker)
  },
  'Podman’s seccomp filter': ({ family }) => {
    try {
      return ok(installedProfilePath())
    } catch (error) {
      if (!(error instanceof AcgError)) throw error
      return {
        health: 'fails',
        seen: error.seen ?? error.message,
        mend: installCommand(family, 'containers-common'),
      }
    }
  },
  'user namespaces': ({ host }) => {
    if (host.uid === 0) return ok('not needed: you are root')
    const most = Number(readIfThere('/proc/sys/user/max_user_namespaces') ?? '0')
    const debian = readIfThere('/proc/sys/kernel/unprivileged_userns_clone')?.trim()
    if (most === 0)
      return {
        health: 'fails',
        seen: 'user.max_user_namespaces is 0',
        mend: 'sudo sysctl -w user.max_user_namespaces=15000',
      }
    if (debian === '0')
      return {
        health: 'fails',
        seen: 'kernel.unprivileged_userns_clone is 0',
        mend: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
      }
    return ok(`up to ${most}`)
  },
  newuidmap: (looker) =>
    looker.host.uid === 0
      ? ok('not needed: you are root')
      : needsProgram(['newuidmap'], 'fails', 'not installed')(looker),
  'subordinate ids': ({ host }) => {
    if (host.uid === 0) return ok('not needed: you are root')
    const { username, uid } = userInfo()
    const mine = (line: string) => line.startsWith(`${username}:`) || line.startsWith(`${uid}:`)
    const lines = (readIfThere('/etc/subuid') ?? '').split('\n').filter(mine)
    return lines[0]
      ? ok(lines[0])
      : {
          health: 'fails',
          seen: `no line for ${username} in /etc/subuid`,
          mend: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
        }
  },
  network: (looker) => {
    const names = looker.host.uid === 0 ? ['slirp4netns', 'netavark'] : ['pasta', 'slirp4netns']
    return needsProgram(names, 'lacks', `none of ${names.join(', ')}: runs have --network none`)(looker)
  },
  cgroups: ({ host }) => {
    const has = host.controllers
    const needed = ['cpu', 'memory', 'pids']
    if (needed.every((controller) => has.includes(controller)))
      return ok(`${host.cgroups}, ${needed.join(' ')} can be limited`)
    return {
      health: 'lacks',
      seen: `${host.cgroups}, ${has.join(' ') || 'nothing'} delegated to you: --memory, --cpus or --pids-limit are refused`,
      mend:
        host.cgroups === 'v2'
          ? 'log in through systemd (loginctl enable-linger), or run as root'
          : 'boot with systemd.unified_cgroup_hierarchy=1',
    }
  },
  'memory pressure (PSI)': () =>
    existsSync('/proc/pressure/memory')
      ? ok('/proc/pressure')
      : { health: 'lacks', seen: 'the kernel has none: samples go without', mend: 'boot with psi=1' },
}

/** Looks at everything. */
export function examine(): Finding[] {
  const looker = { host: readHost(), family: packageFamily() }
  return Object.entries(CHECKS).map(([check, look]) => ({ check, ...look(looker) }))
}

/** At what strength this machine has each of acg's powers. */
export function powers(
  findings: readonly Finding[],
  host: Pick<Host, 'cgroups' | 'controllers'> = readHost(),
): Readonly<Record<'watch' | 'memory' | 'cpu', string>> {
  const works = (check: string) => findings.find((finding) => finding.check === check)?.health === 'ok'
  const watches = works('seccomp notification') && works('Podman’s seccomp filter')
  const isServed = existsSync(daemonSocket())
  // A call is put into its cgroup while its exec is held, which takes seccomp whoever else watches.
  const hasLeaves = watches && host.cgroups === 'v2' && host.controllers.includes('memory')
  return {
    watch: isServed ? 'bpf' : watches ? 'seccomp' : 'none',
    memory: hasLeaves ? 'cgroup' : 'none',
    // This version schedules nothing by itself: --cpus is Podman's.
    cpu: 'none',
  }
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
