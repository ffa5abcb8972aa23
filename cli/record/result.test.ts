import { expect, test } from 'bun:test'
import { Scene } from '../../test/process-events.ts'
import { GENERIC } from '../calls/agents/generic.ts'
import { assembleResult } from './result.ts'

const FACTS = {
  runId: 'abc123',
  agent: 'generic',
  startedEpochMs: 5,
  ending: { ending: 'killed', reason: 'SIGKILL', exit_code: null, signal: 9, acg_exit_code: 137 },
  startupMs: 100,
  durationMs: 1000,
  peak: { bytes: null, source: null, call: null },
  watch: { power: 'none', complete: false },
  calls: null,
  notes: ['a note'],
} as const

test('assembleResult() lets an open call last to the end of the run, and keeps its own end unknown', () => {
  const scene = new Scene(GENERIC)
  const agent = scene.spawn(null, 100, ['python3', 'agent.py'])
  scene.spawn(agent, 400, ['make'])
  const result = assembleResult({ ...FACTS, notes: [], calls: scene.tracker })
  expect(result.phases).toEqual({ startup_ms: 100, thinking_ms: 300, calls_ms: 600 })
  expect(result.calls).toMatchObject([{ call: 1, end_ms: null }])
})

test('assembleResult() has no calls and counts nobody where nobody knows how to tell them', () => {
  const { calls, processes, phases, notes } = assembleResult({ ...FACTS, notes: ['a note'] })
  expect({ calls, notes }).toEqual({ calls: [], notes: ['a note'] })
  expect(processes).toEqual({ runtime: 0, service: 0, call: 0, housekeeping: 0 })
  expect(phases).toEqual({ startup_ms: 100, thinking_ms: 900, calls_ms: 0 })
})
