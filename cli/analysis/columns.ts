// Small operations on columns of samples.

import type { Samples } from './run.ts'

/** The first sample at or after the time; samples are in order of time. */
export function firstFrom(epoch: Float64Array, time: number): number {
  let low = 0
  let high = epoch.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((epoch[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The last sample at or before the time; -1 if there is none. */
export function lastUntil(epoch: Float64Array, time: number): number {
  let at = firstFrom(epoch, time)
  while (at < epoch.length && epoch[at] === time) at++
  return at - 1
}

export function maximum(values: Float64Array): number | null {
  if (values.length === 0) return null
  let most = Number.NEGATIVE_INFINITY
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > most) most = values[at] as number
  return most
}

export function average(values: Float64Array): number | null {
  if (values.length === 0) return null
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at] as number
  return sum / values.length
}

/** CPU time over the container's life, in percent: the last average that is not of a container gone. */
export function lifeCpu({ averageCpu }: Samples): number | null {
  return averageCpu.findLast((percent) => percent !== 0) ?? null
}

/** Where the first of the largest values is, in percent of the way from the first value to the last. */
export function peakPosition(values: Float64Array): number | null {
  const most = maximum(values)
  if (most === null || values.length < 2) return null
  return (100 * values.indexOf(most)) / (values.length - 1)
}

export const CURVE_POINTS = 100

/** A column of any length on 100 points, linear between values; null without values. */
export function curve(values: Float64Array): Float64Array | null {
  const last = values.length - 1
  if (last < 0) return null
  return new Float64Array(CURVE_POINTS).map((_, point) => {
    const position = (point * last) / (CURVE_POINTS - 1)
    const below = Math.floor(position)
    const low = values[below] as number
    const high = values[Math.min(below + 1, last)] as number
    return low + (position - below) * (high - low)
  })
}

/** A column on 100 slots, each with the largest value that falls in it. */
export function slotMaxima(values: Float64Array): Float64Array | null {
  const count = values.length
  if (count === 0) return null
  return new Float64Array(CURVE_POINTS).map((_, slot) => {
    const from = Math.floor((slot * count) / CURVE_POINTS)
    const to = Math.max(from + 1, Math.floor(((slot + 1) * count) / CURVE_POINTS))
    return maximum(values.subarray(from, to)) as number
  })
}
