// Everything that is decided and made before the container starts: who the agent is, where the run's folders
// are, and Podman's command line. What cannot be done is refused here, before anything runs.

import { mkdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { isTerminal } from '../../ffi/mod.ts'
import type { AgentProfile } from '../calls/agents/profile.ts'
import { AGENTS, profileFor, profileNamed } from '../calls/agents/table.ts'
import { AcgError } from '../errors.ts'
import { runsFolder, sandboxesFolder } from '../places.ts'
import { findProgram, type Host, readHost } from '../powers/host.ts'
import { installInit } from '../sandbox/init-program.ts'
import { containerName, podmanArguments } from '../sandbox/podman-line.ts'
import { makeSandbox, type Sandbox } from '../sandbox/sandbox.ts'
import { claimSandbox } from './leftovers.ts'
import { findPodman } from './podman.ts'
import type { RunRequest } from './request.ts'

export interface Preparation {
  readonly runId: string
  readonly profile: AgentProfile
  readonly host: Host
  readonly podman: string
  readonly container: string
  readonly recordFolder: string
  readonly sandboxFolder: string
  readonly sandbox: Sandbox
  readonly pidFile: string
  readonly conmonPidFile: string
  /** Podman's arguments, for the seccomp profile that the watch backend needs. */
  podmanArguments(seccompProfile: string | null): string[]
}

/** Throws AcgError if the run cannot be as asked; then nothing of it is left. */
export function prepare(request: RunRequest): Preparation {
  const host = readHost()
  const podman = findPodman()
  const [command = ''] = request.command
  const profile = request.agent === null ? profileFor(command) : namedProfile(request.agent)
  const runId = newRunId()
  const sandboxFolder = join(sandboxesFolder(), runId)
  const recordFolder = request.record ? resolve(request.record) : join(runsFolder(), runId)

  const container = request.podman.name ?? containerName(runId)
  mkdirSync(sandboxFolder, { recursive: true, mode: 0o700 })
  claimSandbox(sandboxFolder, recordFolder)
  try {
    const sandbox = makeSandbox({
      command: request.command,
      profile,
      cwd: process.cwd(),
      home: homedir(),
      folder: sandboxFolder,
      agentConfigFolder: join(sandboxFolder, 'agent'),
      init: installInit(),
      hostPorts: request.hostPorts,
      volumes: request.podman.volume,
    })
    const pidFile = join(sandboxFolder, 'init.pid')
    const conmonPidFile = join(sandboxFolder, 'conmon.pid')
    const plan = {
      runId,
      flags: request.podman,
      rootfs: sandbox.rootfs,
      mounts: sandbox.mounts,
      environment: sandbox.environment,
      passed: sandbox.passed,
      workdir: sandbox.workdir,
      pidFile,
      conmonPidFile,
      terminal: [0, 1, 2].every(isTerminal),
      programs: { runc: findProgram('runc'), slirp4netns: findProgram('slirp4netns') },
      command: sandbox.command,
    }
    // Refusals belong here too, before a record is begun.
    podmanArguments({ ...plan, seccompProfile: null }, host)
    return {
      runId,
      profile,
      host,
      podman,
      container,
      recordFolder,
      sandboxFolder,
      sandbox,
      pidFile,
      conmonPidFile,
      podmanArguments: (seccompProfile) => podmanArguments({ ...plan, seccompProfile }, host),
    }
  } catch (error) {
    rmSync(sandboxFolder, { recursive: true, force: true })
    throw error
  }
}

function namedProfile(name: string): AgentProfile {
  const profile = profileNamed(name)
  if (profile) return profile
  throw new AcgError({
    what: `cannot tell the calls of agent "${name}": there is no such profile`,
    hint: `known are ${AGENTS.map((agent) => agent.name).join(', ')}; leave --agent out to go by the command`,
  })
}

function newRunId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(3))).toString('hex')
}
