// Who may begin. A call that is held at its beginning holds next to no memory: no wait costs less. It is let in
// when its budget is free: as the lead if nobody leads, or else into the side room. Once it has waited for long, nobody behind it
// is let in before it.

import { claimBytes, type Pool, type Standing, sum } from './pool.ts'
import type { Place } from './turns.ts'

export interface Entering {
  readonly lead: Standing | null
  readonly places: ReadonlyMap<string, Place>
}

export function admitted(
  pool: Pool,
  inside: ReadonlyMap<string, Place>,
  leadInside: Standing | null,
  isHelpComing: boolean,
): Entering {
  const places = new Map<string, Place>()
  const running = pool.standings.filter(({ call }) => (inside.get(call.id) ?? 'held') !== 'held')
  let lead = leadInside
  let free = pool.freeBytes - sum(running, (each) => Math.max(0, claimBytes(pool, each) - each.heldBytes))
  let sideHeld = sum(pool.standings, (each) =>
    each === lead ? 0 : stakeBytes(each, inside.get(each.call.id)),
  )
  for (const each of pool.standings) {
    const isWaiting = each.call.state === 'waiting'
    if (isWaiting) {
      const nothingToWaitFor = lead === null && !isHelpComing
      const fits = each.budgetBytes <= free
      const fitsAside = fits && sideHeld + each.budgetBytes <= pool.sideBytes
      const place = lead === null && (fits || nothingToWaitFor) ? 'lead' : fitsAside ? 'side' : 'held'
      places.set(each.call.id, place)
      if (place === 'lead') lead = each
      if (place === 'side') sideHeld += each.budgetBytes
      if (place !== 'held') free -= each.budgetBytes
    }
    const place = places.get(each.call.id) ?? inside.get(each.call.id)
    if (place === 'held' && waitedMs(pool, each) >= pool.settings.passMs) {
      closeBehind(pool, each, places)
      break
    }
  }
  return { lead, places }
}

function closeBehind(pool: Pool, last: Standing, places: Map<string, Place>): void {
  for (const each of pool.standings.slice(pool.standings.indexOf(last) + 1)) {
    if (each.call.state === 'waiting') places.set(each.call.id, 'held')
  }
}

/** What it counts in the side room. Who has settled above its budget has had its burst. */
function stakeBytes({ heldBytes, budgetBytes, track }: Standing, place: Place | undefined): number {
  if (place === 'side') return Math.max(heldBytes, budgetBytes)
  return place === 'settled' && track.peakBytes > budgetBytes ? 0 : heldBytes
}

function waitedMs({ nowMs }: Pool, { track }: Standing): number {
  return track.heldSinceMs === null ? 0 : nowMs - track.heldSinceMs
}
