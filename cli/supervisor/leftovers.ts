// What a run leaves behind: what is kept of it, and what is removed, at its own end or at acg's next start.

import { cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { removeSecrets } from '../sandbox/agent-config.ts'
import { cleanEnvironment } from './podman.ts'
import type { Preparation } from './preparation.ts'

/** Moves the agent's own folder, with its transcripts, into the record; the user's secrets do not go along. */
export function keepAgentFolder({ profile, sandbox, recordFolder }: Preparation): void {
  const folder = sandbox.agentConfigFolder
  if (folder === null || !existsSync(folder)) return
  removeSecrets(profile, folder)
  cpSync(folder, join(recordFolder, 'agent'), { recursive: true, preserveTimestamps: true })
}

/** Files of subordinate uids can be removed from inside the user's namespace alone. */
export function removeSandbox(podman: string, folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    Bun.spawnSync([podman, 'unshare', 'rm', '-rf', folder], { env: cleanEnvironment() })
  }
}
