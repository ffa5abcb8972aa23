// Whatever a watch backend tells, in whatever order: a tracker that throws would end the run's record.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { execEvent } from '../../test/process-events.ts'
import { assembleResult } from '../record/result.ts'
import type { ProcessEvent } from '../watch/process-event.ts'
import { CLAUDE } from './agents/claude.ts'
import { GENERIC } from './agents/generic.ts'
import { CallTracker } from './tracker.ts'

const id = fc.record({ pid: fc.integer({ min: 2, max: 9 }), start_ticks: fc.integer({ min: 0, max: 1 }) })
const time = fc.double({ min: -10, max: 10_000, noNaN: true })
const pipe = fc.option(fc.integer({ min: 1, max: 3 }))
const ARGVS: string[][] = [
  ['bash'],
  ['sh', 'launch.sh'],
  ['python3', 'agent.py'],
  ['git', 'status'],
  ['make', 'test'],
  ['bash', '-c', 'ls | wc'],
  ['bash', '-c', 'source /a/shell-snapshots/snapshot-1 && eval ls'],
]
const argv = fc.oneof(fc.constantFrom(...ARGVS), fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }))
const event: fc.Arbitrary<ProcessEvent> = fc.oneof(
  fc
    .record({ id, time, parent: fc.option(id) })
    .map(({ id, time, parent }): ProcessEvent => ({ event: 'fork', time_ms: time, ...id, parent })),
  fc
    .record({ id, time, argv, stdin_pipe: pipe, stdout_pipe: pipe })
    .map(({ id, time, argv, ...pipes }) => execEvent(id, time, argv, pipes)),
  fc
    .record({
      id,
      time,
      code: fc.option(fc.integer({ min: 0, max: 255 })),
      signal: fc.option(fc.constant(9)),
    })
    .map(({ id, time, code, signal }): ProcessEvent => {
      return { event: 'exit', time_ms: time, ...id, exit_code: code, signal }
    }),
)
const profile = fc.constantFrom(GENERIC, CLAUDE)

test('handle() takes any events, and the phases of what it found add up to the whole run', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), profile, time, (events, profile, startupMs) => {
      const tracker = new CallTracker(profile)
      for (const each of events) tracker.handle(each)
      const { phases, duration_ms } = assembleResult({
        runId: 'abc123',
        agent: profile.name,
        startedEpochMs: 0,
        ending: { ending: 'exited', reason: '', exit_code: 0, signal: null, acg_exit_code: 0 },
        startupMs,
        durationMs: 10_000,
        peak: { bytes: null, source: null, call: null },
        watch: { power: 'seccomp', complete: true },
        calls: tracker,
        notes: [],
      })
      const { startup_ms, thinking_ms, calls_ms } = phases
      expect(Math.min(startup_ms, thinking_ms, calls_ms)).toBeGreaterThanOrEqual(0)
      expect(Math.abs(startup_ms + thinking_ms + calls_ms - duration_ms)).toBeLessThan(1e-6)
    }),
    { numRuns: 300 },
  )
})

test('handle() starts each call once, in order of number, and ends or retracts none that it has not started', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), profile, (events, profile) => {
      const tracker = new CallTracker(profile)
      const retracted = new Set<number>()
      let started = 0
      for (const said of events.flatMap((each) => tracker.handle(each))) {
        if (said.event === 'call_start') expect(said.call).toBe(++started)
        if (said.event !== 'call_end' && said.event !== 'call_retracted') continue
        expect(said.call).toBeLessThanOrEqual(started)
        expect(retracted).not.toContain(said.call)
        if (said.event === 'call_retracted') retracted.add(said.call)
      }
      const numbers = Array.from({ length: started }, (_, at) => at + 1)
      expect(tracker.calls().map(({ call }) => call)).toEqual(numbers.filter((one) => !retracted.has(one)))
    }),
    { numRuns: 300 },
  )
})
