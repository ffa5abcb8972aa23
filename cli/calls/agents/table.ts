// The agents that acg knows, and how it tells which one a command line starts.

import { basename } from 'node:path'
import { CLAUDE } from './claude.ts'
import { GENERIC } from './generic.ts'
import type { AgentProfile } from './profile.ts'

export const AGENTS: readonly AgentProfile[] = [CLAUDE, GENERIC]

/** The profile of this name, or undefined. */
export function profileNamed(name: string): AgentProfile | undefined {
  return AGENTS.find((profile) => profile.name === name)
}

/** The profile for the program that the user types; the generic one if no table knows it. */
export function profileFor(program: string): AgentProfile {
  return AGENTS.find((profile) => profile.commands.includes(basename(program))) ?? GENERIC
}
