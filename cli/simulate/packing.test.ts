import { describe, expect, test } from 'bun:test'
import type { Course } from '../analysis/course.ts'
import { Pcg64 } from '../analysis/pcg64.ts'
import { share } from './elastic.ts'
import { mostElastic, packingRows, type Setting } from './packing.ts'

const SETTING: Setting = { machineMb: 1000, seed: 42, repeats: 3, seconds: 600, slowdownPercent: 5 }
const quietly = () => {}

function course(...mb: number[]): Course {
  return { stepSeconds: 1, mb: Float32Array.from(mb) }
}

/** Holds 100 MB for 90 s, and 400 MB for 10 s in between. */
const BURSTY = course(
  ...Array<number>(45).fill(100),
  ...Array<number>(10).fill(400),
  ...Array<number>(45).fill(100),
)

function value(rows: ReturnType<typeof packingRows>, id: string): unknown {
  return rows.find((row) => row.id === id)?.value
}

describe('packingRows()', () => {
  test('fits the machine’s memory over the reservation when all runs are alike', () => {
    const rows = packingRows([BURSTY], SETTING, quietly)
    expect(value(rows, 'simulate.peak.runs')).toBe(2)
    expect(value(rows, 'simulate.peak.over_share')).toBe(0)
    expect(value(rows, 'simulate.average.runs')).toBe(7)
    expect(value(rows, 'simulate.average.over_share')).toBe(10)
    expect(value(rows, 'simulate.too_large')).toBe(0)
  })

  test('fits as many by elastic budgets as by the peak when memory never changes, and none waits', () => {
    const rows = packingRows([course(...Array<number>(50).fill(100))], SETTING, quietly)
    expect(value(rows, 'simulate.peak.runs')).toBe(10)
    expect(value(rows, 'simulate.elastic.runs')).toBe(10)
    expect(value(rows, 'simulate.elastic.added_share')).toBe(0)
    expect(value(rows, 'simulate.elastic.wait_max_s')).toBeNull()
  })

  test('fits more by elastic budgets than by the peak when bursts are short', () => {
    const { runs } = mostElastic([BURSTY], SETTING, quietly)
    expect(runs).toBeGreaterThan(2)
    expect(runs).toBeLessThan(10)
  })

  test('says the same when the seed is the same', () => {
    const runs = [BURSTY, course(10, 20, 900, 20, 10)]
    expect(packingRows(runs, SETTING, quietly)).toEqual(packingRows(runs, SETTING, quietly))
  })

  test('leaves out and counts runs when they need more than the machine has', () => {
    const rows = packingRows([BURSTY, course(1, 5000, 1)], SETTING, quietly)
    expect(value(rows, 'simulate.too_large')).toBe(1)
    expect(value(rows, 'simulate.peak.runs')).toBe(2)
    expect(packingRows([course(5000)], SETTING, quietly).map(({ id }) => id)).toEqual(['simulate.too_large'])
  })

  test('has no rows when no run has samples', () => {
    expect(packingRows([course()], SETTING, quietly)).toEqual([])
  })
})

describe('share()', () => {
  test('lets a burst wait for as long as another one lasts when both do not fit', () => {
    const { waits, waitSeconds, restarts } = share([BURSTY], 3, 700, 3000, new Pcg64(1))
    expect(waits.length).toBeGreaterThan(0)
    expect(waitSeconds).toBeGreaterThanOrEqual(waits.reduce((sum, each) => sum + each, 0))
    expect(restarts).toBe(0)
  })

  test('begins one run anew when all wait for each other', () => {
    const climbing = course(100, 300, 500, 700, 100)
    expect(share([climbing], 2, 900, 500, new Pcg64(1)).restarts).toBeGreaterThan(0)
  })
})
