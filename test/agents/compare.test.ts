import { describe, expect, test } from 'bun:test'
import type { Call } from '../../cli/record/schema.ts'
import { compare } from './compare.ts'
import type { TruthCall } from './truth.ts'

const STARTED = 1_790_000_000_000.5

const truth = (
  id: string,
  command: string,
  [start, end]: [number, number],
  more: Partial<TruthCall> = {},
): TruthCall => ({
  tool_use_id: id,
  command,
  start_epoch_ms: STARTED + start,
  end_epoch_ms: STARTED + end,
  end_source: 'printed',
  peak_bytes: null,
  expected: { command, ending: { code: 0 }, guessed: 'explore', proven: 'explore' },
  ...more,
})

const recorded = (
  call: number,
  command: string,
  [start, end]: [number, number | null],
  more: Partial<Call> = {},
): Call => ({
  call,
  start_ms: start,
  end_ms: end,
  exit_code: 0,
  signal: null,
  command,
  command_truncated: false,
  program: null,
  guessed_kind: 'explore',
  kind: 'explore',
  root: { pid: 100 + call, start_ticks: 1 },
  processes: 1,
  peak_bytes: null,
  peak_source: 'process-rss',
  background: [],
  ...more,
})

const BOUNDARY_MS = 50
const against = (calls: TruthCall[], run: Call[]) =>
  compare(calls, { started_epoch_ms: STARTED, calls: run }, BOUNDARY_MS)

describe('compare()', () => {
  test('finds a perfect record perfect', () => {
    const found = against(
      [truth('a', 'ls', [100, 200]), truth('b', 'cat x', [150, 400])],
      [recorded(1, 'ls', [90, 205]), recorded(2, 'cat x', [145, 410])],
    )
    expect(found).toMatchObject({
      precision: 1,
      recall: 1,
      missing: [],
      extra: [],
      wrongExit: [],
      wrongKind: [],
    })
    expect(found).toMatchObject({ wrongBackground: [], overlapsOk: true, peaks: [] })
    expect(found.boundaryErrorsMs).toEqual([
      { tool_use_id: 'a', start_ms: -10, end_ms: 5, end_source: 'printed' },
      { tool_use_id: 'b', start_ms: -5, end_ms: 10, end_source: 'printed' },
    ])
  })

  test('counts what is missing and what is too much', () => {
    const found = against(
      [truth('a', 'ls', [100, 200]), truth('b', 'cat x', [300, 400])],
      [recorded(1, 'ls', [100, 200]), recorded(2, 'git status', [210, 220]), recorded(3, 'ps', [230, 240])],
    )
    expect(found.recall).toBe(1 / 2)
    expect(found.precision).toBe(1 / 3)
    expect(found.missing.map(({ tool_use_id }) => tool_use_id)).toEqual(['b'])
    expect(found.extra.map(({ command }) => command)).toEqual(['git status', 'ps'])
  })

  test('an empty record has found nothing, and nothing wrong', () => {
    expect(against([truth('a', 'ls', [1, 2])], [])).toMatchObject({ precision: 1, recall: 0 })
  })

  test('pairs repeated commands by the time they began', () => {
    const found = against(
      [truth('first', 'ls', [100, 200]), truth('second', 'ls', [1000, 1100])],
      [recorded(2, 'ls', [1001, 1100]), recorded(1, 'ls', [101, 200])],
    )
    expect(found.boundaryErrorsMs.map(({ start_ms }) => start_ms)).toEqual([1, 1])
  })

  test('knows a command by what was kept of it, and a pipeline by its stages in any order', () => {
    const long = `echo ${'x'.repeat(100)}`
    const found = against(
      [truth('cut', long, [100, 200]), truth('piped', 'sort a | uniq -c | head -2', [300, 400])],
      [
        recorded(1, long.slice(0, 50), [100, 200], { command_truncated: true }),
        recorded(2, 'uniq -c | sort a | head -2', [300, 400]),
      ],
    )
    expect(found).toMatchObject({ precision: 1, recall: 1 })
  })

  test('names wrong endings, kinds and leftovers', () => {
    const call = truth('a', 'ls', [100, 200], {
      expected: {
        command: 'ls',
        ending: { signal: 9 },
        guessed: 'run',
        proven: 'test',
        background: ['server.py'],
      },
    })
    const found = against([call], [recorded(1, 'ls', [100, 200])])
    const head = { tool_use_id: 'a', command: 'ls' }
    expect(found.wrongExit).toEqual([{ ...head, wanted: { signal: 9 }, recorded: { code: 0 } }])
    expect(found.wrongKind).toEqual([
      {
        ...head,
        wanted: { guessed: 'run', proven: 'test' },
        recorded: { guessed: 'explore', proven: 'explore' },
      },
    ])
    expect(found.wrongBackground).toEqual([{ ...head, wanted: ['server.py'], recorded: [] }])
  })

  test('takes a leftover by a part of its argv', () => {
    const call = truth('a', 'ls', [100, 200], {
      expected: {
        command: 'ls',
        ending: { code: 0 },
        guessed: 'explore',
        proven: 'explore',
        background: ['server.py'],
      },
    })
    const background = [{ pid: 7, start_ticks: 1, argv: ['python3', 'server.py', 'port'] }]
    expect(against([call], [recorded(1, 'ls', [100, 200], { background })]).wrongBackground).toEqual([])
  })

  test('sees calls that were recorded one after another though they overlapped, and the reverse', () => {
    const both = [truth('a', 'ls', [100, 1000]), truth('b', 'cat x', [110, 900])]
    const apart = [recorded(1, 'ls', [100, 400]), recorded(2, 'cat x', [500, 900])]
    expect(against(both, apart).wrongOverlaps).toEqual([['a', 'b']])
    const parted = [truth('a', 'ls', [100, 400]), truth('b', 'cat x', [500, 900])]
    const together = [recorded(1, 'ls', [100, null]), recorded(2, 'cat x', [500, 900])]
    expect(against(parted, together).overlapsOk).toBe(false)
  })

  test('does not call an order wrong that hangs on a few ms', () => {
    const found = against(
      [truth('a', 'ls', [100, 200]), truth('b', 'cat x', [210, 300])],
      [recorded(1, 'ls', [100, 215]), recorded(2, 'cat x', [205, 300])],
    )
    expect(found.overlapsOk).toBe(true)
  })

  test('puts recorded peaks beside the commands’ own', () => {
    const found = against(
      [truth('a', 'ls', [1, 2], { peak_bytes: 300 })],
      [recorded(1, 'ls', [1, 2], { peak_bytes: 290 })],
    )
    expect(found.peaks).toEqual([{ tool_use_id: 'a', own: 300, recorded: 290 }])
  })
})
