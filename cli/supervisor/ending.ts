// How a run ended, for the record, the summary and the exit code: one decision, from what was seen.

import { ExitCode } from '../exit-codes.ts'
import type { Ending } from '../record/result.ts'
import { signalName } from '../signals.ts'
import type { AgentStatus } from './lifeline.ts'

export interface Seen {
  /** What init said of the agent, if it came to that. */
  readonly agent: AgentStatus | null
  readonly agentStarted: boolean
  /** Podman's own end. */
  readonly podman: AgentStatus
  readonly timedOut: boolean
  /** Why acg itself ended the run, if it did. */
  readonly fatal: string | null
}

export function decideEnding({ agent, agentStarted, podman, timedOut, fatal }: Seen): Ending {
  const status = { exit_code: agent?.exitCode ?? null, signal: agent?.signal ?? null }
  if (timedOut)
    return {
      ending: 'timeout',
      reason: 'the time limit of --timeout ran out',
      ...status,
      acg_exit_code: ExitCode.TIMEOUT,
    }
  if (fatal) return { ending: 'lost', reason: fatal, ...status, acg_exit_code: ExitCode.ACG }
  if (agent?.signal != null) {
    return {
      ending: 'killed',
      reason: `the agent was ended by ${signalName(agent.signal)}`,
      ...status,
      acg_exit_code: ExitCode.SIGNAL_BASE + agent.signal,
    }
  }
  if (agent) {
    return {
      ending: 'exited',
      reason: `the agent exited with code ${agent.exitCode}`,
      ...status,
      acg_exit_code: agent.exitCode ?? ExitCode.ACG,
    }
  }
  const podmanCode = podman.exitCode ?? ExitCode.SIGNAL_BASE + (podman.signal ?? 0)
  if (agentStarted) {
    return {
      ending: 'lost',
      reason: 'the container ended before its init told how the agent did',
      ...status,
      acg_exit_code: podmanCode || ExitCode.ACG,
    }
  }
  return {
    ending: 'not_started',
    reason: `the agent was not started: Podman ended with code ${podmanCode}`,
    ...status,
    acg_exit_code: podmanCode || ExitCode.ACG,
  }
}
