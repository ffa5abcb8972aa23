// How long the same calls would take under somebody who knows every demand beforehand: who starts, pauses and goes on
// as it suits best, and never gets half-grown calls into each other's way. Found by search: in a given order, each call
// goes on whenever what it needs next is free and all can still end after that. Of all orders of up to four calls, and
// of a sample of those of more, the shortest counts: the best that was found, which is not proven to be the best there
// is. `leastMs` is what nobody can beat.

import { type Demand, demandAt, durationMs, peakBytes, type SimulatedCall } from './demand.ts'

const TICK_MS = 20
const ALL_ORDERS_UP_TO = 4
const SAMPLED_ORDERS = 24
const LONGEST_MS = 600_000

export function clairvoyantMs(calls: readonly SimulatedCall[], roomBytes: number): number {
  return Math.min(...orders(calls).map((order) => inOrder(order, roomBytes)))
}

/** The longest of: each call alone; all bytes over all time; what no two of them can have at the same time. */
export function leastMs(calls: readonly SimulatedCall[], roomBytes: number): number {
  const first = Math.min(...calls.map(({ arrivesMs }) => arrivesMs))
  const alone = calls.map(({ arrivesMs, demand }) => arrivesMs + durationMs(demand))
  let area = 0
  let exclusive = 0
  for (const { demand } of calls) {
    for (let ms = 0; ms < durationMs(demand); ms += TICK_MS) {
      const bytes = demandAt(demand, ms)
      area += (bytes / roomBytes) * TICK_MS
      if (bytes > roomBytes / 2) exclusive += TICK_MS
    }
  }
  return Math.max(...alone, first + area, first + exclusive)
}

interface Job {
  readonly arrivesMs: number
  readonly demand: Demand
  ownMs: number
  heldBytes: number
}

function inOrder(calls: readonly SimulatedCall[], roomBytes: number): number {
  let jobs: Job[] = calls.map(({ arrivesMs, demand }) => ({ arrivesMs, demand, ownMs: 0, heldBytes: 0 }))
  let nowMs = 0
  for (; jobs.length > 0 && nowMs < LONGEST_MS; nowMs += TICK_MS) {
    for (const job of jobs) {
      if (job.arrivesMs > nowMs) continue
      const before = job.heldBytes
      job.heldBytes = demandAt(job.demand, job.ownMs + TICK_MS)
      if (job.heldBytes <= before || canAllEnd(jobs, roomBytes)) job.ownMs += TICK_MS
      else job.heldBytes = before
    }
    jobs = jobs.filter(({ demand, ownMs }) => ownMs < durationMs(demand))
  }
  return nowMs
}

/** The banker's question: is there an order in which each gets the most that it will need? */
function canAllEnd(jobs: readonly Job[], roomBytes: number): boolean {
  let free = roomBytes - jobs.reduce((sum, { heldBytes }) => sum + heldBytes, 0)
  if (free < 0) return false
  let left = jobs.filter(({ heldBytes }) => heldBytes > 0)
  while (left.length > 0) {
    const ending = left.filter((job) => mostAhead(job) - job.heldBytes <= free)
    if (ending.length === 0) return false
    for (const { heldBytes } of ending) free += heldBytes
    left = left.filter((job) => !ending.includes(job))
  }
  return true
}

function mostAhead({ demand, ownMs, heldBytes }: Job): number {
  return Math.max(heldBytes, peakBytes({ corners: demand.corners.filter(({ atMs }) => atMs > ownMs) }))
}

function orders(calls: readonly SimulatedCall[]): SimulatedCall[][] {
  if (calls.length <= ALL_ORDERS_UP_TO) return permutations(calls)
  const by = (key: (call: SimulatedCall) => number) => calls.toSorted((one, other) => key(one) - key(other))
  const known = [
    by(({ arrivesMs }) => arrivesMs),
    by(({ demand }) => -durationMs(demand)),
    by(({ demand }) => durationMs(demand)),
    by(({ demand }) => -peakBytes(demand)),
    by(({ demand }) => peakBytes(demand)),
  ]
  // A fixed sequence: the same calls always have the same answer.
  const sampled = Array.from({ length: SAMPLED_ORDERS }, (_, at) =>
    calls.toSorted((one, other) => shuffled(at, calls.indexOf(one)) - shuffled(at, calls.indexOf(other))),
  )
  return [...known, ...sampled]
}

function shuffled(order: number, at: number): number {
  return (Math.sin((order + 1) * 12.9898 + (at + 1) * 78.233) * 43758.5453) % 1
}

function permutations<Value>(values: readonly Value[]): Value[][] {
  if (values.length <= 1) return [[...values]]
  return values.flatMap((first, at) => permutations(values.toSpliced(at, 1)).map((rest) => [first, ...rest]))
}
