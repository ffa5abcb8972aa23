// How long the same calls would take under somebody who knows every demand beforehand: who starts, pauses and goes on
// as it suits best, and never gets half-grown calls into each other's way. Found by search: in a given order each call
// goes on whenever what it needs next is free and all can still end after that; of all orders of up to four calls, and
// of a sample of those of more, the shortest counts. So it is no more than the best that was found; `leastMs` is what
// nobody can beat.

import { type Demand, demandAt, durationMs, peakBytes, type SimulatedCall } from './demand.ts'

const TICK_MS = 20
const ALL_ORDERS_UP_TO = 4
const SAMPLED_ORDERS = 30
const LONGEST_MS = 600_000

export function clairvoyantMs(calls: readonly SimulatedCall[], roomBytes: number): number {
  const jobs = calls.map((call) => new Job(call))
  return Math.min(...orders(jobs).map((order) => inOrder(order, roomBytes)))
}

/** The longest of: each call alone; all bytes and milliseconds of them; all that no two of them can have at a time. */
export function leastMs(calls: readonly SimulatedCall[], roomBytes: number): number {
  const alone = calls.map(({ arrivesMs, demand }) => arrivesMs + durationMs(demand))
  const first = Math.min(...calls.map(({ arrivesMs }) => arrivesMs))
  const total = (of: (demand: Demand) => number) =>
    calls.reduce((sum, { demand }) => sum + integral(demand, of), 0)
  const area = total((demand) => durationMs(demand)) === 0 ? 0 : sumArea(calls) / roomBytes
  const exclusive = calls.reduce((sum, { demand }) => sum + msAbove(demand, roomBytes / 2), 0)
  return Math.max(...alone, first + area, first + exclusive)
}
