// The last rungs. The kernel throttles, turns.ts freezes; here is the clock: if nothing gets on for `stallMs`, the least
// important of the calls that stand in each other's way is told, and then killed, and after it the next is looked at
// anew. If what was killed is still there after as long again, its run is ended.

import type { LimitFacts } from './action.ts'
import { type Pool, type Standing, sum } from './pool.ts'
import { heldMsOf } from './track.ts'
import { isStuck, type Turns } from './turns.ts'

export interface Jam {
  readonly sinceMs: number
  /** Who has been told that it will be killed. */
  readonly victim: { readonly call: string; readonly toldAtMs: number } | null
}

export interface Rung {
  readonly jam: Jam | null
  readonly tell: Standing | null
  readonly kill: Standing | null
  readonly park: Standing | null
  readonly endRuns: readonly Standing[]
}

export function climb(pool: Pool, turns: Turns, before: Jam | null): Rung {
  const { settings, nowMs } = pool
  const endRuns = pool.standings.filter(
    ({ track }) =>
      track.killedAtMs !== null && !track.hasEndedRun && nowMs - track.killedAtMs >= settings.stallMs,
  )
  const nothing = { tell: null, kill: null, park: null, endRuns }
  const lead = jammedLead(pool, turns)
  if (lead === null) return { ...nothing, jam: null }
  const jam = before ?? { sinceMs: nowMs - settings.windowMs, victim: null }
  const isDue = nowMs - jam.sinceMs >= settings.stallMs || pool.isUrgent || jam.victim !== null
  if (!isDue) return { ...nothing, jam }
  const told = pool.standings.find(({ call }) => call.id === jam.victim?.call)
  if (!told || jam.victim === null) {
    const victim = leastImportant(pool, turns, lead)
    if (settings.onLimit === 'freeze') return { ...nothing, jam: null, tell: victim, park: victim }
    return { ...nothing, jam: { ...jam, victim: { call: victim.call.id, toldAtMs: nowMs } }, tell: victim }
  }
  if (nowMs - jam.victim.toldAtMs < settings.graceMs) return { ...nothing, jam }
  return { ...nothing, jam: null, kill: told }
}

/** It has all that there is and does not get on, and nobody's end would help it. */
function jammedLead(pool: Pool, { lead, isHelpComing }: Turns): Standing | null {
  return lead?.track.isStrained && isStuck(pool, lead) && !isHelpComing ? lead : null
}

/**
 * Of the lead and those that are frozen half-grown and hold enough for it to go on: one kill has to do. The lead itself
 * where the whole room would hardly do for it.
 */
function leastImportant(pool: Pool, { places }: Turns, lead: Standing): Standing {
  if (lead.heldBytes > pool.roomBytes - pool.sideBytes) return lead
  const inTheWay = pool.standings.filter((each) => {
    const isFrozen = places.get(each.call.id) === 'held' && each.track.killedAtMs === null
    return each === lead || (isFrozen && pool.freeBytes + each.heldBytes >= pool.thawBytes)
  })
  return inTheWay.at(-1) ?? lead
}

export function factsOf(pool: Pool, each: Standing, jam: Jam | null): LimitFacts {
  return {
    peakBytes: each.track.peakBytes,
    grantedBytes: each.call.grantedBytes,
    budgetBytes: each.budgetBytes,
    roomBytes: pool.roomBytes,
    othersBytes: sum(pool.standings, (other) => (other === each ? 0 : other.heldBytes)),
    elsewhereBytes: pool.elsewhereBytes,
    heldMs: heldMsOf(each.track, pool.nowMs),
    stalledMs: jam === null ? 0 : pool.nowMs - jam.sinceMs,
  }
}
