// One Podman command line from everything that a run wants. Pure: what the host is like is told.

import { AcgError } from '../errors.ts'
import type { Host } from '../powers/host.ts'
import { type Mount, mountArguments } from './mount.ts'

/** Podman's own flags that acg hands on as the user spelled them. */
export interface PodmanFlags {
  readonly name?: string
  readonly network?: string
  readonly memory?: string
  readonly cpus?: string
  readonly pidsLimit?: string
  readonly env: readonly string[]
  readonly envFile: readonly string[]
  readonly volume: readonly string[]
  readonly workdir?: string
}

export interface ContainerPlan {
  readonly runId: string
  readonly flags: PodmanFlags
  readonly rootfs: string
  readonly mounts: readonly Mount[]
  readonly environment: Readonly<Record<string, string>>
  /** By name alone: values may be keys, and anyone can read a command line. */
  readonly passed: readonly string[]
  readonly workdir: string
  readonly seccompProfile: string | null
  readonly pidFile: string
  readonly conmonPidFile: string
  readonly terminal: boolean
  readonly programs: { readonly runc: string | null; readonly slirp4netns: string | null }
  /** init, its arguments, and the agent's command. */
  readonly command: readonly string[]
}

/** What Podman asks for by default, and fails without, if it may not raise the limits. */
const PODMAN_DEFAULT_LIMIT = 1048576

export function containerName(runId: string): string {
  return `acg-${runId}`
}

/** What tells the run's container from every other. */
export function runLabel(runId: string): string {
  return `acg.run=${runId}`
}

/** The arguments after `podman`. Throws AcgError where Podman would ignore a limit. */
export function podmanArguments(plan: ContainerPlan, host: Host): string[] {
  refuseIgnoredLimits(plan.flags, host)
  const { flags } = plan
  return [
    ...runtimeArguments(plan, host),
    'run',
    '--rm',
    '--interactive',
    ...(plan.terminal ? ['--tty'] : []),
    ...['--name', flags.name ?? containerName(plan.runId)],
    ...['--label', runLabel(plan.runId)],
    ...['--hostname', 'acg'],
    ...['--log-driver', 'none'],
    ...['--pidfile', plan.pidFile],
    ...['--conmon-pidfile', plan.conmonPidFile],
    ...['--preserve-fds', '1'],
    ...['--read-only', '--read-only-tmpfs=false'],
    ...['--tmpfs', '/tmp:rw,exec,nosuid,nodev,mode=1777,notmpcopyup'],
    ...['--tmpfs', '/var/tmp:rw,exec,nosuid,nodev,mode=1777,notmpcopyup'],
    ...['--tmpfs', '/run:rw,nosuid,nodev,mode=0755,notmpcopyup'],
    // Podman 5 makes its own read-only here, and 64 MB of it are too few for a browser.
    ...['--tmpfs', '/dev/shm:rw,noexec,nosuid,nodev,mode=1777,notmpcopyup'],
    ...['--cap-drop', 'all'],
    ...['--security-opt', 'no-new-privileges'],
    ...['--security-opt', 'label=disable'],
    ...(plan.seccompProfile ? ['--security-opt', `seccomp=${plan.seccompProfile}`] : []),
    ...(host.uid === 0 ? [] : ['--userns', 'keep-id']),
    ...networkArguments(plan, host),
    ...limitArguments(flags, host),
    ...plan.mounts.flatMap(mountArguments),
    ...flags.volume.flatMap((volume) => ['--volume', volume]),
    ...plan.passed.flatMap((name) => ['--env', name]),
    ...Object.entries(plan.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...flags.envFile.flatMap((file) => ['--env-file', file]),
    ...flags.env.flatMap((pair) => ['--env', pair]),
    ...['--workdir', flags.workdir ?? plan.workdir],
    ...['--rootfs', plan.rootfs],
    ...plan.command,
  ]
}

/** crun, Podman's usual choice, refuses a machine that mixes cgroup v1 and v2. */
function runtimeArguments(plan: ContainerPlan, host: Host): string[] {
  if (host.cgroups === 'v2') return []
  if (plan.programs.runc === null) {
    throw new AcgError({
      what: 'cannot start a container: this machine has cgroup v1, which needs the OCI runtime `runc`',
      seen: 'no `runc` in PATH',
      hint: 'install it (Debian: `sudo apt-get install runc`), or boot with systemd.unified_cgroup_hierarchy=1',
    })
  }
  return ['--runtime', plan.programs.runc]
}

/**
 * As root, slirp4netns rather than Podman's bridge: it needs no firewall rules and no plugins, and leaves the
 * host's network as it is.
 */
function networkArguments({ flags, programs }: ContainerPlan, host: Host): string[] {
  if (flags.network !== undefined) return ['--network', flags.network]
  return host.uid === 0 && programs.slirp4netns !== null ? ['--network', 'slirp4netns'] : []
}

function limitArguments(flags: PodmanFlags, { hardLimits, raisesLimits, mostPids }: Host): string[] {
  const limits: string[] = []
  const cap = (name: string, hard: number | null) => {
    if (!raisesLimits && hard !== null && hard < PODMAN_DEFAULT_LIMIT)
      limits.push('--ulimit', `${name}=${hard}:${hard}`)
  }
  cap('nofile', hardLimits.openFiles)
  // Podman lowers its own limit to this, and cannot raise it again for the container.
  cap('nproc', hardLimits.processes === null ? null : Math.min(hardLimits.processes, mostPids))
  if (flags.memory !== undefined) limits.push('--memory', flags.memory)
  if (flags.cpus !== undefined) limits.push('--cpus', flags.cpus)
  if (flags.pidsLimit !== undefined) limits.push('--pids-limit', flags.pidsLimit)
  return limits
}

/** Where the user was given no such controller, Podman warns at most and goes on without the limit. */
function refuseIgnoredLimits(flags: PodmanFlags, host: Host): void {
  const asked = [
    { flag: '--memory', value: flags.memory, controller: 'memory' },
    { flag: '--cpus', value: flags.cpus, controller: 'cpu' },
    { flag: '--pids-limit', value: flags.pidsLimit, controller: 'pids' },
  ]
  const ignored = asked.filter(
    ({ value, controller }) => value !== undefined && !host.controllers.includes(controller),
  )
  if (ignored.length === 0) return
  const names = ignored.map(({ flag }) => flag).join(' and ')
  throw new AcgError({
    what: `cannot limit the container with ${names}: Podman would ignore it here`,
    seen: `cgroup ${host.cgroups}, controllers delegated to uid ${host.uid}: ${host.controllers.join(' ') || 'none'}`,
    hint: `drop ${names} to run without a limit, or see \`acg doctor\``,
  })
}
