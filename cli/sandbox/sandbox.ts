// The folder that a run lives in, and what its container is given: root file system, home, project, agent.

import { mkdirSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { AgentProfile } from '../calls/agents/profile.ts'
import { makeAgentConfig } from './agent-config.ts'
import { insidePath, passedVariables } from './environment.ts'
import { findInstallation, type Link } from './install-folder.ts'
import type { Mount } from './mount.ts'
import { findProject } from './project.ts'
import { sharedSkeleton } from './shared-skeleton.ts'
import { systemMounts } from './skeleton.ts'

/** Where acg's own files are inside. */
export const INSIDE = '/.acg'

export interface SandboxRequest {
  readonly command: readonly string[]
  readonly profile: AgentProfile
  readonly cwd: string
  readonly home: string
  /** Of this run: its own folder, and the one that keeps the agent's configuration and transcripts. */
  readonly folder: string
  readonly agentConfigFolder: string
  readonly init: string
  readonly hostPorts: readonly number[]
  /** Podman's own --volume, whose places are made by the runtime. */
  readonly volumes: readonly string[]
}

export interface Sandbox {
  readonly rootfs: string
  /** The host's side of the home inside. */
  readonly home: string
  readonly project: string
  readonly workdir: string
  readonly mounts: readonly Mount[]
  readonly environment: Readonly<Record<string, string>>
  /** Variables that have the caller's own values. */
  readonly passed: readonly string[]
  /** init with the agent's command. */
  readonly command: readonly string[]
  readonly agentConfigFolder: string | null
}

/** Makes the folder. Throws AcgError if the command or the project cannot be had. */
export function makeSandbox(request: SandboxRequest): Sandbox {
  const { cwd, home, folder, profile } = request
  const project = findProject(cwd, home)
  const [name = '', ...args] = request.command
  const installation = findInstallation(name, { home, cwd, path: process.env.PATH ?? '' })
  // A command of the project's own is there with the project.
  const installed = installation.paths.filter((path) => path !== project && !path.startsWith(`${project}/`))

  const ownHome = join(folder, 'home')
  mkdirSync(ownHome, { recursive: true, mode: 0o700 })
  const config = makeAgentConfig(profile, home, request.agentConfigFolder)
  const mounts: Mount[] = [
    ...systemMounts(),
    { host: request.init, inside: `${INSIDE}/init`, readOnly: true },
    { host: ownHome, inside: home, readOnly: false },
    ...installed.map((path) => ({ host: path, inside: path, readOnly: true })),
    { host: project, inside: project, readOnly: false },
    ...(config ? [{ host: config.folder, inside: config.inside, readOnly: false }] : []),
    ...request.hostPorts.map((port) => ({
      host: portSocket(folder, port),
      inside: `${INSIDE}/port-${port}`,
      readOnly: false,
    })),
  ]

  // Mount points below the home are made here, as the user: the runtime would make them root's.
  const belowHome = (path: string): string | null => {
    const below = relative(home, path)
    return below.startsWith('..') || below === '' ? null : join(ownHome, below)
  }
  for (const { host, inside } of mounts) {
    const place = belowHome(inside)
    if (place) mkdirSync(statSync(host).isDirectory() ? place : dirname(place), { recursive: true })
  }
  const outside: Link[] = []
  for (const link of installation.links) {
    const place = belowHome(link.path)
    if (!place) outside.push(link)
    else {
      mkdirSync(dirname(place), { recursive: true })
      symlinkSync(link.target, place)
    }
  }
  const places = [...mounts.map(({ inside }) => inside), ...request.volumes]
  const rootfs = sharedSkeleton(
    places.filter((path) => belowHome(path) === null),
    outside,
  )

  const passed = passedVariables(process.env, profile.environment, profile.environmentExcept)
  return {
    rootfs,
    home: ownHome,
    project,
    workdir: cwd,
    mounts,
    agentConfigFolder: config?.folder ?? null,
    passed,
    environment: {
      ...Object.fromEntries(Object.entries(profile.sets).filter(([name]) => !passed.includes(name))),
      ...config?.environment,
      HOME: home,
      PATH: insidePath(process.env.PATH ?? '', [...installed, project]),
    },
    command: [
      ...[`${INSIDE}/init`, '3'],
      ...request.hostPorts.map((port) => `${port}=${INSIDE}/port-${port}`),
      ...['--', installation.command, ...args],
    ],
  }
}

export function portSocket(folder: string, port: number): string {
  return join(folder, `port-${port}.sock`)
}
