// Observations for tests of the policy: a quiet call, and what is said of it.

import type { CallObservation, Observation } from '../cli/policy/observation.ts'

const QUIET: CallObservation = {
  id: 'a',
  run: 'run-a',
  priority: 'normal',
  guessedKind: 'other',
  sinceMs: 0,
  state: 'running',
  grantedBytes: 64e6,
  usedBytes: 0,
  cacheBytes: 0,
  crossings: 0,
  stalledUs: 0,
  cpuUs: 0,
  isBraked: false,
  isBackground: false,
  hintBytes: null,
}

export function observedCall(said: Partial<CallObservation>): CallObservation {
  return { ...QUIET, ...said }
}

export function observed(calls: readonly CallObservation[], said: Partial<Observation> = {}): Observation {
  const alone = { cushionBytes: Number.POSITIVE_INFINITY, lease: null, hasSwap: false }
  return { nowMs: 0, roomBytes: 1e9, ...alone, calls, ...said }
}
