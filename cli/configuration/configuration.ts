// The user's own settings, $XDG_CONFIG_HOME/acg/config.toml; flags come before them.
//
//   [limits]
//   stall = "10s"          as --stall
//   on-limit = "kill"      as --on-limit
//
//   [pool]
//   memory = "8g"          what all runs of the user may hold together

import { readFileSync } from 'node:fs'
import { AcgError } from '../errors.ts'
import type { Settings } from '../policy/settings.ts'

export interface Configuration {
  readonly stallMs: number | null
  readonly onLimit: Settings['onLimit'] | null
  /** null: runs know nothing of each other. */
  readonly poolBytes: number | null
}

const NONE: Configuration = { stallMs: null, onLimit: null, poolBytes: null }

/** Without a file nothing is set, and nothing is loaded that reads one. Throws AcgError where it is not understood. */
export async function readConfiguration(file: string): Promise<Configuration> {
  const text = textOf(file)
  if (text === null) return NONE
  const { parseConfiguration } = await import('./toml.ts')
  return parseConfiguration(file, text)
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new AcgError({ what: `cannot read ${file}`, seen: (error as Error).message })
  }
}
