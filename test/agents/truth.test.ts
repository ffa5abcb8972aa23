import { describe, expect, test } from 'bun:test'
import type { TranscriptCall } from '../../cli/calls/agents/transcript.ts'
import type { Expected } from './expected.ts'
import { truthOf } from './truth.ts'

const expected: Expected = { command: 'true', ending: { code: 0 }, guessed: 'other', proven: 'other' }
const call = (output: string, more: Partial<TranscriptCall> = {}): TranscriptCall => ({
  id: 'toolu_part_0_0',
  tool: 'Bash',
  input: {},
  start_epoch_ms: 1_790_000_000_000,
  end_epoch_ms: 1_790_000_009_000,
  background_end_epoch_ms: null,
  summary: '',
  output,
  ...more,
})

describe('truthOf()', () => {
  test('takes the first and the last printed date', () => {
    const output = 'Exit code 1\n1790000001.500000000\nin between 1790000002.000000000\n1790000003.250000000'
    expect(truthOf(call(output), expected)).toMatchObject({
      start_epoch_ms: 1_790_000_001_500,
      end_epoch_ms: 1_790_000_003_250,
      end_source: 'printed',
      peak_bytes: null,
    })
  })

  test('takes the result’s stamp where no end was printed', () => {
    const truth = truthOf(call('Exit code 143\n1790000001.500000000'), expected)
    expect(truth).toMatchObject({ end_epoch_ms: 1_790_000_009_000, end_source: 'transcript' })
  })

  test('takes the notice of the end where the call had gone to the background', () => {
    const moved = call('1790000001.500000000\nmoved', { background_end_epoch_ms: 1_790_000_020_000 })
    expect(truthOf(moved, expected).end_epoch_ms).toBe(1_790_000_020_000)
  })

  test('prefers the dates in the call’s own file', () => {
    const times = '1790000001.000000000\n1790000005.000000000\n'
    expect(truthOf(call('in background'), expected, times)).toMatchObject({
      start_epoch_ms: 1_790_000_001_000,
      end_epoch_ms: 1_790_000_005_000,
      end_source: 'printed',
    })
  })

  test('reads the ru_maxrss that the command printed', () => {
    const output = '1790000001.000000000\nru_maxrss_kib 307200\n1790000002.000000000'
    expect(truthOf(call(output), expected).peak_bytes).toBe(300 * 1024 * 1024)
  })

  test('refuses a call that never said when it began', () => {
    expect(() => truthOf(call('hook error'), expected)).toThrow(
      'cannot tell when toolu_part_0_0 ran: 0 printed dates, a result\n  command: true\n  output: hook error',
    )
  })
})
