// The policy: what was seen, and what is remembered → what to do, and what to remember. Pure; one step every few
// milliseconds. docs/policy.md has the whole of it on a page.

import { type Action, inSequence } from './action.ts'
import { dealOut } from './dealing.ts'
import { climb, factsOf, type Jam, type Rung } from './ladder.ts'
import { type Need, needOf } from './need.ts'
import type { Observation } from './observation.ts'
import { openPool, type Pool, type Standing, sum, type Tracks } from './pool.ts'
import type { Settings } from './settings.ts'
import type { Track } from './track.ts'
import { type Turns, takeTurns } from './turns.ts'

export interface PolicyState {
  readonly tracks: Tracks
  readonly lead: string | null
  readonly jam: Jam | null
}

export const FIRST_STATE: PolicyState = { tracks: new Map(), lead: null, jam: null }

export interface Step {
  readonly state: PolicyState
  readonly actions: readonly Action[]
  readonly need: Need
}

/** A grant is worth a write when it grows by as much. */
const LEAST_RAISE_BYTES = 4e6

export function step(settings: Settings, before: PolicyState, observation: Observation): Step {
  const pool = openPool(settings, before.tracks, observation)
  const turns = takeTurns(pool, before.lead)
  const rung = climb(pool, turns, before.jam)
  const grants = dealOut(pool, turns)
  const actions: Action[] = [
    ...rungActions(pool, rung, before.jam),
    ...reclaims(pool, turns),
    ...pool.standings.flatMap((each) => changes(pool, turns, rung, each, grants.get(each.call.id))),
  ]
  const granted = new Map(pool.standings.map(({ call }) => [call.id, call.grantedBytes]))
  return {
    state: { tracks: remember(pool, rung), lead: turns.lead?.call.id ?? null, jam: rung.jam },
    actions: inSequence(actions, (call) => granted.get(call) ?? 0),
    need: needOf(pool, turns, rung),
  }
}

function rungActions(pool: Pool, { tell, kill, endRuns, jam }: Rung, jamBefore: Jam | null): Action[] {
  const why = (each: Standing) => factsOf(pool, each, jam ?? jamBefore)
  const actions: Action[] = []
  if (tell) actions.push({ action: 'tell', call: tell.call.id, about: 'limit', why: why(tell) })
  if (kill) actions.push({ action: 'kill', call: kill.call.id, why: why(kill) })
  for (const each of endRuns) {
    actions.push({ action: 'endRun', run: each.call.run, call: each.call.id, why: why(each) })
  }
  return actions
}

/** What the lead is about to need, from those that are frozen, the last in order first. */
function reclaims(pool: Pool, { lead, places }: Turns): Action[] {
  if (!pool.hasSwap || lead === null || !lead.isPressing) return []
  const actions: Action[] = []
  let wanted = pool.settings.headroomBytes - pool.freeBytes
  for (const { call, heldBytes } of pool.standings.toReversed()) {
    if (wanted <= 0) break
    if (call.state !== 'frozen' || places.get(call.id) !== 'held' || heldBytes === 0) continue
    const bytes = Math.min(wanted, heldBytes)
    actions.push({ action: 'reclaim', call: call.id, bytes })
    wanted -= bytes
  }
  return actions
}

/** From what a call is to what it should be. */
function changes(
  pool: Pool,
  { places }: Turns,
  rung: Rung,
  { call, track }: Standing,
  grantedBytes: number | undefined,
): Action[] {
  if (call.id === rung.kill?.call.id || track.killedAtMs !== null || grantedBytes === undefined) return []
  const goes = places.get(call.id) !== 'held' && rung.park?.call.id !== call.id
  if (call.state === 'waiting')
    return [{ action: 'admit', call: call.id, grantedBytes }, ...wasHeld(pool, track, call.id)]
  const actions: Action[] = []
  const isRaise = grantedBytes > call.grantedBytes
  const isWorthIt = isRaise ? grantedBytes - call.grantedBytes >= LEAST_RAISE_BYTES : true
  if (grantedBytes !== call.grantedBytes && isWorthIt)
    actions.push({ action: 'grant', call: call.id, grantedBytes })
  if (call.state === 'running' && !goes) actions.push({ action: 'freeze', call: call.id })
  if (call.state === 'frozen' && goes) {
    actions.push({ action: 'thaw', call: call.id }, ...wasHeld(pool, track, call.id))
  }
  return actions
}

function wasHeld(pool: Pool, track: Track, call: string): Action[] {
  const { heldSinceMs } = track
  if (heldSinceMs === null || pool.nowMs - heldSinceMs < pool.settings.tellHeldMs) return []
  const each = pool.standings.find((other) => other.call.id === call)
  return each ? [{ action: 'tell', call, about: 'held', why: factsOf(pool, each, null) }] : []
}

function remember(pool: Pool, rung: Rung): Tracks {
  return new Map(
    pool.standings.map((each) => {
      const { call, track } = each
      const hasRoom = pool.freeBytes >= pool.thawBytes
      return [
        call.id,
        {
          ...track,
          killedAtMs: each === rung.kill ? pool.nowMs : track.killedAtMs,
          isParked: each === rung.park || (track.isParked && !hasRoom),
          hasEndedRun: track.hasEndedRun || rung.endRuns.includes(each),
        },
      ]
    }),
  )
}

/** What is granted in all once the actions are carried out: never more than the room, unless more is held. */
export function grantedAfter(observation: Observation, actions: readonly Action[]): number {
  const granted = new Map(observation.calls.map(({ id, grantedBytes }) => [id, grantedBytes]))
  for (const each of actions) {
    if (each.action === 'grant' || each.action === 'admit') granted.set(each.call, each.grantedBytes)
  }
  return sum(granted.values(), (bytes) => bytes)
}
