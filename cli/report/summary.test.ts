import { describe, expect, test } from 'bun:test'
import { exampleCall, exampleResult } from '../../test/example-record.ts'
import type { Result } from '../record/schema.ts'
import { callTitle, summaryLine, summaryLines } from './summary.ts'

const line = (more: Partial<Result> = {}, command = ['/opt/claude', '-p', 'x']) =>
  summaryLine(
    exampleResult({
      duration_ms: 352_000,
      phases: { startup_ms: 28_160, thinking_ms: 193_600, calls_ms: 130_240 },
      peak: { bytes: 1_200_000_000, source: 'cgroup2', call: 1 },
      ...more,
    }),
    command,
  )

describe('summaryLine()', () => {
  test('tells the run in one line', () => {
    expect(line()).toBe(
      'claude exited 0 · 5m52s · start-up 8% · thinking 55% · 1 tool call 37% · peak 1.2 GB in call 1 (test: pytest)',
    )
  })

  const endings: [more: Partial<Result>, text: string][] = [
    [{ ending: 'exited', exit_code: 3 }, 'claude exited 3 ·'],
    [{ ending: 'killed', exit_code: null, signal: 9 }, 'claude was ended by SIGKILL ·'],
    [{ ending: 'timeout', exit_code: null, signal: 15 }, 'claude ran out of time ·'],
    [{ ending: 'not_started', exit_code: null }, 'claude was not started ·'],
    [{ ending: 'lost', reason: 'conmon was killed' }, 'claude was lost (conmon was killed) ·'],
  ]
  for (const [more, text] of endings)
    test(`says "${text}" of ${more.ending}`, () => expect(line(more)).toStartWith(text))

  test('counts no calls where nobody watched: none seen is not none made', () => {
    const text = line({ watch: { power: 'none', complete: false }, calls: [] })
    expect(text).toContain('tool calls not watched')
    expect(text).not.toContain('thinking')
  })

  test('names no call beside a peak outside every call, or in one that was taken back', () => {
    expect(line({ peak: { bytes: 5e6, source: 'cgroup2', call: null } })).toEndWith('peak 5.0 MB')
    expect(line({ peak: { bytes: 5e6, source: 'cgroup2', call: 9 } })).toEndWith('peak 5.0 MB')
    expect(line({ peak: { bytes: null, source: null, call: null } })).not.toContain('peak')
  })

  test('divides nothing by a run of no length', () => {
    const phases = { startup_ms: 0, thinking_ms: 0, calls_ms: 0 }
    expect(line({ duration_ms: 0, phases })).toContain('start-up – · thinking – · 1 tool call –')
  })
})

test('summaryLines() adds notes, and where to look further if there is a run to look at', () => {
  const notes = ['Podman ran as root']
  const lines = summaryLines(exampleResult({ notes }), ['agent'])
  expect(lines.slice(1)).toEqual(['acg  note: Podman ran as root', 'acg  acg show abc123'])
  expect(summaryLines(exampleResult({ ending: 'not_started' }), ['agent'])).toHaveLength(1)
})

test('callTitle() names the program where it says more than the kind', () => {
  expect(callTitle(exampleCall())).toBe('test: pytest')
  expect(callTitle(exampleCall({ kind: 'git', program: 'git' }))).toBe('git')
  expect(callTitle(exampleCall({ kind: 'other', program: null }))).toBe('other')
})
