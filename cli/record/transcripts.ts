// The agent's own transcripts that a record keeps.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { profileNamed } from '../calls/agents/table.ts'
import type { RecordFolder } from './reader.ts'

/** The paths of the transcripts, relative to `folder`; none if the agent's profile knows of none. */
export function transcriptFiles({ folder, run }: RecordFolder): string[] {
  const pattern = profileNamed(run.agent)?.config?.transcripts
  if (!pattern || run.agent_config === null) return []
  const config = run.agent_config
  if (!existsSync(join(folder, config))) return []
  return [...new Bun.Glob(pattern).scanSync(join(folder, config))].sort().map((file) => join(config, file))
}
