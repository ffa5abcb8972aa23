// Who may grow. Peaks are unknown, and without swap a stopped call gives nothing back: two half-grown calls could wait
// for each other for ever. So of the calls that grow, one, the *lead*, may have all that is left; the others share a
// small *side room*, and whoever does not fit into it is frozen, before it is half-grown. A call that has stopped
// growing is *settled*: it keeps what it holds with a reserve, and the next one leads.
//
// With swap a frozen call's memory can be taken, so the lead is the first in order. Without, it is the lead of before,
// or the first in order; but the most grown where the others hold more than the side room: only its end gives that back.

import { admitted } from './door.ts'
import { type Pool, type Standing, sum } from './pool.ts'

export type Place = 'lead' | 'side' | 'settled' | 'held'

export interface Turns {
  readonly lead: Standing | null
  readonly places: ReadonlyMap<string, Place>
  /** Somebody else gets on and holds enough that its end would help: waiting for it is no deadlock. */
  readonly isHelpComing: boolean
}

export function takeTurns(pool: Pool, leadBefore: string | null): Turns {
  const inside = pool.standings.filter(({ call }) => call.state !== 'waiting')
  const growing = inside.filter((each) => !each.track.isSettled && each.track.killedAtMs === null)
  const lead = chooseLead(pool, inside, growing, leadBefore)
  const places = new Map<string, Place>()
  let sideHeld = sum(inside, (each) => (each === lead ? 0 : keptBytes(pool, each)))
  for (const each of inside) {
    const own = each.heldBytes - keptBytes(pool, each)
    const ahead = aheadBytes(pool, each)
    const place = placeOf(pool, each, lead, sideHeld + own + ahead)
    places.set(each.call.id, place)
    if (place === 'side') sideHeld += own + ahead
    if (place === 'held' && !pool.hasSwap) sideHeld += own
  }
  const isHelpComing = helpFor(pool, inside, lead)
  const entering = admitted(pool, places, lead, isHelpComing)
  for (const [id, place] of entering.places) places.set(id, place)
  return { lead: lead ?? entering.lead, places, isHelpComing }
}

/** It wants more and there is none. */
export function isStuck(pool: Pool, { isPressing, track }: Standing): boolean {
  return isPressing && !track.isSettled && pool.freeBytes < pool.settings.marginBytes
}

function chooseLead(
  pool: Pool,
  inside: readonly Standing[],
  growing: readonly Standing[],
  leadBefore: string | null,
): Standing | null {
  const canLead = (each: Standing) => {
    const isFrozen = each.call.state === 'frozen'
    const hasRoom = isFrozen ? pool.freeBytes >= pool.thawBytes : !isStuck(pool, each)
    return hasRoom || (!each.track.isParked && !helpFor(pool, inside, each))
  }
  if (pool.hasSwap) return growing.find((each) => canLead(each) || isReclaimable(pool, growing, each)) ?? null
  const able = growing.filter(canLead)
  const before = able.find(({ call }) => call.id === leadBefore && call.state === 'running')
  const next = before ?? able[0]
  if (next === undefined) return null
  const ofOthers = sum(growing, (each) => (each === next ? 0 : each.heldBytes))
  if (ofOthers <= pool.sideBytes) return next
  return able.reduce((most, each) => (each.heldBytes > most.heldBytes ? each : most))
}

/** With swap, what comes later in order can be made to give way. */
function isReclaimable(pool: Pool, growing: readonly Standing[], lead: Standing): boolean {
  return (
    pool.hasSwap && !lead.track.isParked && sum(growing, (each) => (each === lead ? 0 : each.heldBytes)) > 0
  )
}

function helpFor(pool: Pool, inside: readonly Standing[], waiting: Standing | null): boolean {
  if (pool.isHelpOutside) return true
  const helpers = inside.filter((each) => each !== waiting && isHelper(pool, each))
  return helpers.length > 0 && sum(helpers, ({ heldBytes }) => heldBytes) >= pool.thawBytes
}

/** It gets on, and its end would give room. */
export function isHelper(pool: Pool, each: Standing): boolean {
  const { call, track } = each
  return (
    call.state === 'running' &&
    !call.isBackground &&
    !track.isStrained &&
    track.killedAtMs === null &&
    !isStuck(pool, each)
  )
}

/** What of the side room is taken whatever is decided: by what has settled without a burst yet, and by the frozen. */
function keptBytes({ hasSwap }: Pool, { call, track, heldBytes, budgetBytes }: Standing): number {
  if (track.isSettled) return track.peakBytes > budgetBytes ? 0 : heldBytes
  return call.state === 'frozen' && !hasSwap ? heldBytes : 0
}

/** What it may grow by until it is looked at again. */
function aheadBytes({ thawBytes, settings }: Pool, { call }: Standing): number {
  return call.state === 'frozen' ? thawBytes : settings.marginBytes
}

/** `sideHeld`: what the side room would hold with it. */
function placeOf(pool: Pool, each: Standing, lead: Standing | null, sideHeld: number): Place {
  if (each === lead) return 'lead'
  if (each.track.killedAtMs !== null || each.track.isParked) return 'held'
  if (each.track.isSettled) return 'settled'
  const isFrozen = each.call.state === 'frozen'
  // What is free is first of all what the lead has ahead of it.
  const ofLead = lead === null ? 0 : pool.settings.headroomBytes
  const hasRoom = isFrozen ? pool.freeBytes - ofLead >= pool.thawBytes : !isStuck(pool, each)
  return hasRoom && sideHeld <= pool.sideBytes ? 'side' : 'held'
}
