// The tests that hold for every agent: does the record agree with what really happened?

import { expect, test } from 'bun:test'
import { max, median, quantile } from 'simple-statistics'
import { leftovers, type RecordedRun } from '../acg.ts'
import type { Comparison } from './compare.ts'

const BOUNDARY_MS = 50
/** In the emulated machine a boundary may be off by as many starts of bash as the agent's own shell has to go through. */
const BASH_STARTS = 5
/** How far off a boundary may be, by one of the quantiles of what a start of bash took meanwhile. */
export function mostOff(bashStartsMs: readonly number[], of: (times: number[]) => number): number {
  return process.env.ACG_IN_MACHINE ? BASH_STARTS * of([...bashStartsMs]) : BOUNDARY_MS
}

/** What a transcript's time stamp may be late. */
const TRANSCRIPT_MS = 250
const PEAK_TOLERANCE = 0.1

/** The worst of many is held against the worst of many. */
const QUANTILES: readonly (readonly [name: string, of: (times: number[]) => number])[] = [
  ['median', median],
  ['p90', (times) => quantile(times, 0.9)],
  ['worst', max],
]

export interface Played {
  readonly run: RecordedRun
  readonly compared: Comparison
  /** What one start of bash cost during the run, again and again, in ms. */
  readonly bashStartsMs: readonly number[]
}

/** `played` is called once a test runs. */
export function testAgreement(played: () => Played): void {
  test('ends as by itself', () => {
    expect(played().run.exitCode).toBe(0)
    expect(played().run.result.ending).toBe('exited')
  })

  test('has every call found', () => {
    expect(played().compared.missing).toEqual([])
    expect(played().compared.recall).toBe(1)
  })

  test('has nothing else tagged as a call', () => {
    expect(played().compared.extra).toEqual([])
    expect(played().compared.precision).toBe(1)
  })

  test('has parallel calls overlap, and no others', () => {
    expect(played().compared.wrongOverlaps).toEqual([])
    expect(played().compared.overlapsOk).toBe(true)
  })

  test('has the kernel’s exit code or signal of every call', () => {
    expect(played().compared.wrongExit).toEqual([])
  })

  test('has both kinds of every call right', () => {
    expect(played().compared.wrongKind).toEqual([])
  })

  test('has what calls left running listed, and nothing else', () => {
    expect(played().compared.wrongBackground).toEqual([])
  })

  test('has the peak of each burst within 10 % of its own ru_maxrss, and parallel ones not swapped', () => {
    const { peaks } = played().compared
    expect(peaks.length).toBeGreaterThanOrEqual(2)
    const off = peaks.filter(({ own, recorded }) => Math.abs((recorded ?? 0) - own) > PEAK_TOLERANCE * own)
    expect(off).toEqual([])
  })

  test('has each call’s boundaries where its own clock saw them', () => {
    const { compared, bashStartsMs } = played()
    const starts = compared.boundaryErrorsMs.map(({ start_ms }) => Math.abs(start_ms))
    const ends = compared.boundaryErrorsMs.map(({ end_ms, end_source }) =>
      end_ms === null
        ? Number.POSITIVE_INFINITY
        : Math.max(0, Math.abs(end_ms) - (end_source === 'transcript' ? TRANSCRIPT_MS : 0)),
    )
    const inWords = (times: readonly number[]) =>
      QUANTILES.map(([name, of]) => `${name} ${of([...times]).toFixed(1)}`).join(', ')
    const worstOf = (times: readonly number[]) =>
      compared.boundaryErrorsMs[times.indexOf(max([...times]))]?.tool_use_id
    console.log(
      `off by, in ms: starts ${inWords(starts)} (${worstOf(starts)}); ends ${inWords(ends)} (${worstOf(ends)}); one bash start ${inWords(bashStartsMs)}`,
    )
    for (const [, of] of QUANTILES) {
      const most = mostOff(bashStartsMs, of)
      expect(of(starts)).toBeLessThanOrEqual(most)
      expect(of(ends)).toBeLessThanOrEqual(most)
    }
  })

  test('has start-up, calls and thinking add up to the run', () => {
    const { phases, duration_ms } = played().run.result
    expect(phases.startup_ms + phases.calls_ms + phases.thinking_ms).toBeCloseTo(duration_ms, 3)
    expect(phases.thinking_ms).toBeGreaterThan(0)
  })

  test('leaves nothing behind', async () => {
    expect(await leftovers()).toEqual([])
  })
}
