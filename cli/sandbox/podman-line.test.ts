import { describe, expect, test } from 'bun:test'
import { complaint } from '../../test/complaint.ts'
import type { Host } from '../powers/host.ts'
import { type ContainerPlan, type PodmanFlags, podmanArguments } from './podman-line.ts'

const USER: Host = {
  uid: 1000,
  cgroups: 'v2',
  hardLimits: { openFiles: null, processes: null },
  mostPids: 4_194_304,
  raisesLimits: false,
  controllers: ['cpu', 'memory', 'pids'],
}
const ROOT: Host = { ...USER, uid: 0, raisesLimits: true }

const NO_FLAGS: PodmanFlags = { env: [], envFile: [], volume: [] }
const PLAN: ContainerPlan = {
  runId: 'abc123',
  flags: NO_FLAGS,
  rootfs: '/box/rootfs',
  mounts: [{ host: '/usr', inside: '/usr', readOnly: true }],
  environment: { HOME: '/home/dev' },
  passed: ['AGENT_KEY'],
  workdir: '/project',
  seccompProfile: '/box/seccomp.json',
  pidFile: '/box/init.pid',
  conmonPidFile: '/box/conmon.pid',
  terminal: false,
  programs: { runc: '/usr/sbin/runc', slirp4netns: '/usr/bin/slirp4netns' },
  command: ['/.acg/init', '3', '--', 'agent', '--name', 'x'],
}

const line = (more: Partial<ContainerPlan> = {}, host = USER) => podmanArguments({ ...PLAN, ...more }, host)
const withFlags = (flags: Partial<PodmanFlags>, host = USER) =>
  line({ flags: { ...NO_FLAGS, ...flags } }, host)

/** All values that Podman is given for an option. */
function values(args: string[], option: string): string[] {
  const own = args.slice(0, args.indexOf('--rootfs'))
  return own.flatMap((word, at) => (word === option ? [own[at + 1]!] : []))
}

describe('podmanArguments()', () => {
  test('ends with the root file system and the agent’s command, whatever options that has', () => {
    expect(line().slice(-8)).toEqual(['--rootfs', '/box/rootfs', ...PLAN.command])
  })

  test('takes every capability and every way to new ones', () => {
    expect(values(line(), '--cap-drop')).toEqual(['all'])
    expect(values(line(), '--security-opt')).toContain('no-new-privileges')
    for (const option of ['--privileged', '--cap-add', '--device']) expect(line()).not.toContain(option)
  })

  test('gives the watch’s seccomp profile, and without a watch leaves Podman’s own', () => {
    expect(values(line(), '--security-opt')).toContain('seccomp=/box/seccomp.json')
    expect(line({ seccompProfile: null }).join(' ')).not.toContain('seccomp')
  })

  test('asks for a terminal only where acg has one: piped output must stay as it is', () => {
    expect(line()).not.toContain('--tty')
    expect(line({ terminal: true })).toContain('--tty')
    expect(line()).toContain('--interactive')
  })

  test('keeps the user’s uid inside; root is root already', () => {
    expect(values(line(), '--userns')).toEqual(['keep-id'])
    expect(values(line({}, ROOT), '--userns')).toEqual([])
  })

  test('names the container by the run unless the user does', () => {
    expect(values(line(), '--name')).toEqual(['acg-abc123'])
    expect(values(withFlags({ name: 'mine' }), '--name')).toEqual(['mine'])
    expect(values(withFlags({ name: 'mine' }), '--label')).toEqual(['acg.run=abc123'])
  })

  test('hands the user’s own flags on as they were spelled, with the user’s variables last: they win', () => {
    const args = withFlags({
      env: ['HOME=/other', 'KEY'],
      envFile: ['vars'],
      volume: ['/a:/b:ro'],
      workdir: '/b',
      memory: '2g',
      cpus: '1.5',
      pidsLimit: '100',
    })
    expect(values(args, '--env')).toEqual(['AGENT_KEY', 'HOME=/home/dev', 'HOME=/other', 'KEY'])
    expect(values(args, '--env-file')).toEqual(['vars'])
    expect(values(args, '--volume')).toEqual(['/a:/b:ro'])
    expect(values(args, '--workdir')).toEqual(['/b'])
    expect(values(args, '--memory')).toEqual(['2g'])
    expect(values(args, '--cpus')).toEqual(['1.5'])
    expect(values(args, '--pids-limit')).toEqual(['100'])
  })
})

describe('the network', () => {
  test('is the user’s choice where there is one, as root too', () => {
    for (const host of [USER, ROOT])
      expect(values(withFlags({ network: 'none' }, host), '--network')).toEqual(['none'])
  })

  test('is Podman’s own for a user, and for root one that leaves the host’s as it is', () => {
    expect(values(line(), '--network')).toEqual([])
    expect(values(line({}, ROOT), '--network')).toEqual(['slirp4netns'])
    expect(values(line({ programs: { runc: null, slirp4netns: null } }, ROOT), '--network')).toEqual([])
  })
})

describe('the OCI runtime', () => {
  test('is Podman’s choice on cgroup v2, and runc where there is v1: crun refuses it', () => {
    expect(line()).not.toContain('--runtime')
    for (const cgroups of ['hybrid', 'v1'] as const)
      expect(line({}, { ...ROOT, cgroups }).slice(0, 3)).toEqual(['--runtime', '/usr/sbin/runc', 'run'])
  })

  test('is asked for by name where it is missing', () => {
    const missing = { programs: { runc: null, slirp4netns: null } }
    const { message, hint, exitCode } = complaint(() => line(missing, { ...ROOT, cgroups: 'hybrid' }))
    expect(message).toContain('needs the OCI runtime `runc`')
    expect(hint).toContain('apt-get install runc')
    expect(exitCode).toBe(125)
  })
})

describe('limits', () => {
  test('are refused where Podman would ignore them: a limit that does not hold is worse than none', () => {
    const host: Host = { ...USER, cgroups: 'hybrid', controllers: [] }
    const { message, seen, hint } = complaint(() => withFlags({ memory: '1g', cpus: '1' }, host))
    expect(message).toBe('cannot limit the container with --memory and --cpus: Podman would ignore it here')
    expect(seen).toBe('cgroup hybrid, controllers delegated to uid 1000: none')
    expect(hint).toContain('drop --memory and --cpus')
  })

  test('are refused one by one: only what its own controller is missing for', () => {
    const host: Host = { ...USER, controllers: ['memory', 'pids'] }
    expect(values(withFlags({ memory: '1g', pidsLimit: '9' }, host), '--memory')).toEqual(['1g'])
    expect(complaint(() => withFlags({ memory: '1g', cpus: '1' }, host)).message).toContain('with --cpus:')
  })

  test('of open files and processes are the user’s own where Podman’s default is above them', () => {
    const low: Host = { ...USER, hardLimits: { openFiles: 20_000, processes: 500_000 }, mostPids: 32_768 }
    expect(values(line({}, low), '--ulimit')).toEqual(['nofile=20000:20000', 'nproc=32768:32768'])
    expect(values(line({}, { ...low, raisesLimits: true }), '--ulimit')).toEqual([])
    const high: Host = { ...USER, hardLimits: { openFiles: 2_000_000, processes: null } }
    expect(values(line({}, high), '--ulimit')).toEqual([])
  })
})

test('podmanArguments() names variables that pass, and never their values: a command line is for all to read', () => {
  expect(values(line(), '--env')).toContain('AGENT_KEY')
})
