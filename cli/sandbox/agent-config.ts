// The agent's own configuration folder for one run: fresh, with copies of what the user's holds and the agent
// needs, so that nothing the run does reaches the user's. Transcripts stay in it; copied secrets do not.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AgentProfile } from '../calls/agents/profile.ts'

export interface AgentConfigFolder {
  readonly folder: string
  readonly inside: string
  readonly environment: Readonly<Record<string, string>>
}

/** null if the agent is not known to have one. */
export function makeAgentConfig(
  { config }: AgentProfile,
  home: string,
  folder: string,
): AgentConfigFolder | null {
  if (!config) return null
  const moved = process.env[config.variable]
  const source = moved ?? join(home, config.path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const { path, inHome } of config.copy) {
    const from = inHome && !moved ? join(home, path) : join(source, path)
    if (!existsSync(from)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(from, join(folder, path), { recursive: true, dereference: true })
  }
  const inside = join(home, config.path)
  return { folder, inside, environment: { [config.variable]: inside } }
}

/** Takes the user's secrets out of a folder that stays in the record. */
export function removeSecrets({ config }: AgentProfile, folder: string): void {
  if (!config) return
  const secrets = config.copy.filter(({ secret }) => secret).map(({ path }) => path)
  for (const path of [...secrets, ...config.secretCopies])
    rmSync(join(folder, path), { force: true, recursive: true })
}
