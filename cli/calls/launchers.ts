// Who is the agent, if it is not the first process: `sh agent.sh` starts it, and so do env, npx and a wrapper
// script. The first interpreter, or program that the profile names, is the agent's runtime.

import { basename } from 'node:path'
import type { ExecEvent } from '../watch/process-event.ts'
import type { AgentProfile } from './agents/profile.ts'
import { INTERPRETERS, SHELL, WRAPPERS } from './kinds.ts'

/** Whether this starts agents rather than being one. */
export function isLauncher(exec: ExecEvent, profile: AgentProfile): boolean {
  if (profile.commands.includes(basename(exec.file ?? ''))) return false
  const name = basename(exec.interpreter ?? exec.file ?? '')
  if (SHELL.test(name) || WRAPPERS.has(name) || WRAPPERS.has(basename(exec.file ?? ''))) return true
  // npx is a script of node's, and so is executed a second time: as node's first word.
  return isInterpreter(name) && WRAPPERS.has(basename(exec.argv[1] ?? ''))
}

function isInterpreter(name: string): boolean {
  return INTERPRETERS.some((entry) => entry.name.test(name))
}

/** Whether this, started by a launcher, is the agent. */
export function isRuntime(exec: ExecEvent, profile: AgentProfile): boolean {
  if (profile.commands.includes(basename(exec.file ?? ''))) return true
  const name = basename(exec.interpreter ?? exec.file ?? '')
  // A text on the command line is a step of the launcher, not an agent.
  return (
    !isLauncher(exec, profile) &&
    INTERPRETERS.some(
      (entry) => entry.name.test(name) && !exec.argv.slice(1, 2).some((word) => entry.textOption.test(word)),
    )
  )
}
