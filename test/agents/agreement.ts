// The tests that hold for every agent: does the record agree with what really happened?

import { expect, test } from 'bun:test'
import { leftovers, type RecordedRun } from '../acg.ts'
import type { Comparison } from './compare.ts'

const BOUNDARY_MS = 50
/** On a slow machine boundaries are held against what one start of bash costs there. */
const BASH_STARTS = 5
/** What a transcript's time stamp may be late. */
const TRANSCRIPT_MS = 250
const PEAK_TOLERANCE = 0.1

export interface Played {
  readonly run: RecordedRun
  readonly compared: Comparison
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

  test('has each call’s boundaries where its own clock saw them', async () => {
    const bashMs = await bashStartMs()
    const allowed = Math.max(BOUNDARY_MS, BASH_STARTS * bashMs)
    const off = played().compared.boundaryErrorsMs.filter(
      ({ start_ms, end_ms, end_source }) =>
        Math.abs(start_ms) > allowed ||
        end_ms === null ||
        Math.abs(end_ms) > allowed + (end_source === 'transcript' ? TRANSCRIPT_MS : 0),
    )
    const worst = Math.max(...played().compared.boundaryErrorsMs.map(({ start_ms }) => Math.abs(start_ms)))
    console.log(
      `one bash start: ${bashMs.toFixed(1)} ms; worst start: ${worst.toFixed(1)} ms of ${allowed.toFixed(0)}`,
    )
    expect(off).toEqual([])
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

/** The median time of one `bash -c :` here, in ms. */
async function bashStartMs(): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < 11; at++) {
    const start = Bun.nanoseconds()
    await Bun.spawn(['bash', '-c', ':']).exited
    times.push((Bun.nanoseconds() - start) / 1e6)
  }
  return times.sort((a, b) => a - b)[5] as number
}
