import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { exampleCall, exampleResult, exampleRun } from '../../test/example-record.ts'
import type { Call } from '../record/schema.ts'
import { timelineLines, type UnseenCall, unseenCalls } from './timeline.ts'

function table(calls: Call[], unseen: UnseenCall[] = [], columns = 120): string[] {
  const lines = timelineLines({ run: exampleRun(), result: exampleResult({ calls }), unseen }, columns)
  return lines.slice(lines.indexOf('') + 1)
}

describe('timelineLines()', () => {
  test('gives a row for each call: number, start, length, kind, end, peak, place, command', () => {
    const [head, row] = table([exampleCall()])
    expect(head).toMatch(/^#\s+start\s+took\s+kind\s+exit\s+peak\s+0 +1\.0s\s+command$/)
    expect(row).toBe('1  100ms  200ms  test: pytest     2  8 kB  ··██████················  make test')
  })

  test('says by which signal a call ended, and – for what is not known', () => {
    const killed = exampleCall({ exit_code: null, signal: 9 })
    const open = exampleCall({ call: 2, start_ms: 500, end_ms: null, exit_code: null, peak_bytes: null })
    const [, first, second] = table([killed, open])
    expect(first).toContain(' SIGKILL ')
    expect(second).toMatch(/^2 {2}500ms +– +test: pytest +– +– +·{12}█{12} {2}make test$/)
  })

  test('puts the transcript’s calls among the others, by when they began', () => {
    const unseen = [{ tool: 'Read', startMs: 50, endMs: 60, summary: '/project/a.ts' }]
    const [, first, second] = table([exampleCall()], unseen)
    expect(first).toMatch(/^· +50ms +10ms +Read .* \/project\/a\.ts$/)
    expect(second).toStartWith('1')
  })

  test('lists what calls left running', () => {
    const background = [{ pid: 7, start_ticks: 1, argv: ['python3', 'server.py'] }]
    expect(table([exampleCall({ background })]).at(-1)).toBe('call 1 left running: python3 server.py (pid 7)')
  })

  test('says so where there are none', () => expect(table([])).toEqual(['no tool calls']))

  test('shows nothing that a terminal would obey: commands are the agent’s to choose', () => {
    const evil = '\x1b[2J\x07\x9b31m\x00'
    const background = [{ pid: 7, start_ticks: 1, argv: [evil] }]
    const run = exampleRun({ command: ['agent', evil, 'two\nlines'] })
    const result = exampleResult({ calls: [exampleCall({ command: evil, program: evil, background })] })
    const unseen = [{ tool: evil, startMs: 1, endMs: 2, summary: evil }]
    const lines = timelineLines(
      { run, result: { ...result, peak: { ...result.peak, call: null } }, unseen },
      200,
    )
    for (const line of lines) expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
  })

  test('keeps each row within the terminal and on one line, whatever the commands and times', () => {
    const ms = fc.integer({ min: 0, max: 5000 })
    const call = fc
      .record({ start: ms, length: fc.option(ms), command: fc.string({ maxLength: 300 }) })
      .map(({ start, length, command }) =>
        exampleCall({ start_ms: start, end_ms: length === null ? null : start + length, command }),
      )
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 110, max: 200 }),
        (calls, columns) => {
          const lines = table(calls, [], columns)
          expect(lines).toHaveLength(calls.length + 1)
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('draws a run of no length', () => {
    const result = exampleResult({ duration_ms: 0, calls: [exampleCall()] })
    expect(timelineLines({ run: exampleRun(), result, unseen: [] }, 100).length).toBeGreaterThan(4)
  })
})

test('unseenCalls() puts the transcript’s times on the run’s clock', () => {
  const call = { id: 'a', tool: 'Read', input: {}, background_end_epoch_ms: null, summary: 'x', output: '' }
  const times = { start_epoch_ms: 1500, end_epoch_ms: null }
  expect(unseenCalls([{ ...call, ...times }], 1000)).toEqual([
    { tool: 'Read', startMs: 500, endMs: null, summary: 'x' },
  ])
})
