// What the calls of one run are to those of other runs: what they hold, and whether they want more.

import type { Rung } from './ladder.ts'
import { type Pool, type Standing, sum } from './pool.ts'
import { isHelper, isStuck, type Turns } from './turns.ts'

export interface Need {
  readonly heldBytes: number
  /** Somebody has not stopped growing. */
  readonly isGrowing: boolean
  /** What those hold who have not. */
  readonly growingBytes: number
  /** And does not get on without more room. */
  readonly isShort: boolean
  /** Somebody is stopped for good, unless there is more room. */
  readonly isParked: boolean
  /** What those hold who get on, and give it back by their end. */
  readonly helpingBytes: number
}

export const NO_NEED: Need = {
  heldBytes: 0,
  isGrowing: false,
  growingBytes: 0,
  isShort: false,
  isParked: false,
  helpingBytes: 0,
}

export function needOf(pool: Pool, { places }: Turns, { park, kill }: Rung): Need {
  const isParked = (each: Standing) => each === park || each.track.isParked
  const growing = pool.standings.filter(
    (each) => !each.track.isSettled && each.track.killedAtMs === null && each !== kill && !isParked(each),
  )
  return {
    heldBytes: sum(pool.standings, ({ heldBytes }) => heldBytes),
    isGrowing: growing.length > 0,
    growingBytes: sum(growing, ({ heldBytes }) => heldBytes),
    isShort: growing.some((each) => places.get(each.call.id) === 'held' || isStuck(pool, each)),
    isParked: pool.standings.some(isParked),
    helpingBytes: sum(pool.standings, (each) => (isHelper(pool, each) ? each.heldBytes : 0)),
  }
}
