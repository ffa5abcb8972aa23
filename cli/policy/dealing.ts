// What each call has ahead of it. To raise memory.high after it was crossed is too late: the call sleeps up to two
// seconds by then. So all that is free is dealt out in advance, and what was not used is dealt anew at the next step.

import { WEIGHTS } from './order.ts'
import { claimBytes, type Pool, type Standing, sum } from './pool.ts'
import type { Turns } from './turns.ts'

const PAGE = 4096

/**
 * memory.high of each call that is inside or is let in: together no more than the room. Nothing that is held is taken
 * back. Nothing is raised while more is held than there is room: a limit that follows its call brakes nothing.
 */
export function dealOut(pool: Pool, { lead, places }: Turns): Map<string, number> {
  const { settings } = pool
  const grants = new Map<string, number>()
  for (const { call, heldBytes } of pool.standings) {
    if (call.state !== 'waiting' || places.get(call.id) !== 'held') grants.set(call.id, heldBytes)
  }
  const going = pool.standings.filter(({ call }) => places.get(call.id) !== 'held')
  const others = going.filter((each) => each !== lead)
  let left = Math.max(0, pool.freeBytes)
  const upTo = (each: Standing, wanted: number) => {
    const had = grants.get(each.call.id) ?? 0
    const more = Math.min(left, Math.max(0, wanted - had))
    grants.set(each.call.id, had + more)
    left -= more
  }

  for (const each of lead ? [lead, ...others] : others) upTo(each, each.heldBytes + settings.marginBytes)
  if (lead) upTo(lead, lead.heldBytes + settings.headroomBytes)
  for (const each of others) upTo(each, claimBytes(pool, each))
  const rest = left
  const weights = sum(going, ({ call }) => WEIGHTS[call.priority])
  for (const each of others) {
    const had = grants.get(each.call.id) ?? 0
    const share = (rest * WEIGHTS[each.call.priority]) / weights
    upTo(each, lead ? Math.min(had + share, each.heldBytes + mostAhead(pool, lead)) : had + share)
  }
  if (lead) upTo(lead, Number.POSITIVE_INFINITY)

  for (const each of pool.standings) {
    const granted = grants.get(each.call.id)
    if (granted !== undefined) grants.set(each.call.id, finalGrant(pool, each, granted))
  }
  return grants
}

/** Beside a lead nobody gets further ahead than its part of what is left of the side room. */
function mostAhead({ settings, sideBytes, standings }: Pool, lead: Standing): number {
  const growing = standings.filter((each) => each !== lead && !each.track.isSettled)
  const left = sideBytes - sum(growing, ({ heldBytes }) => heldBytes)
  const part = left / Math.max(1, growing.length)
  return Math.max(settings.marginBytes, Math.min(settings.headroomBytes, part))
}

function finalGrant({ freeBytes }: Pool, { call, heldBytes }: Standing, granted: number): number {
  if (freeBytes > 0 || call.state === 'waiting') return Math.max(heldBytes, wholePages(granted))
  return Math.min(heldBytes, call.grantedBytes)
}

function wholePages(bytes: number): number {
  return Math.floor(bytes / PAGE) * PAGE
}
