// An observation as the decisions need it: each call with what is remembered of it, in order, and what is free.

import { budgetBytes } from './budgets.ts'
import { type CallObservation, heldBytes, type Observation } from './observation.ts'
import { turnMs } from './order.ts'
import type { Settings } from './settings.ts'
import { firstTrack, follow, reservedBytes, type Track } from './track.ts'

export interface Standing {
  readonly call: CallObservation
  readonly track: Track
  readonly heldBytes: number
  readonly budgetBytes: number
  /** Close to its `memory.high`, or past it. */
  readonly isPressing: boolean
}

export interface Pool {
  readonly settings: Settings
  readonly nowMs: number
  readonly roomBytes: number
  readonly hasSwap: boolean
  /** In order of their turns. */
  readonly standings: readonly Standing[]
  /** Other runs get on, whose memory would come to this one. */
  readonly isHelpOutside: boolean
  /** What the room lacks, since other runs hold it. */
  readonly elsewhereBytes: number
  /** Most of the cushion is gone: the kernel is about to end somebody, and tells nobody why. */
  readonly isUrgent: boolean
  /** What nobody holds; below zero where more is held than there is room. */
  readonly freeBytes: number
  /** What all growing calls but one may hold together. */
  readonly sideBytes: number
  /** With less than this it is not worth while to let a frozen call go on. */
  readonly thawBytes: number
}

/** Of the cushion; calls are stopped at less (broker/). */
const URGENT_SHARE = 3 / 4

/** What a call is to have before anybody has what is left over. */
export function claimBytes({ settings }: Pool, { track, budgetBytes }: Standing): number {
  return track.isSettled ? Math.max(budgetBytes, reservedBytes(settings, track)) : budgetBytes
}

export type Tracks = ReadonlyMap<string, Track>

export function openPool(settings: Settings, tracks: Tracks, observation: Observation): Pool {
  const { nowMs, roomBytes, cushionBytes, lease, hasSwap, calls } = observation
  const mostBytes = lease?.mostBytes ?? roomBytes
  const standings = calls.map((call) => stand(settings, tracks.get(call.id), call, mostBytes, nowMs))
  const turn = ({ call, track }: Standing) => turnMs(call, track.heldSinceMs, nowMs)
  const sideBytes = roomBytes * settings.sideShare
  const freeBytes = roomBytes - sum(standings, ({ heldBytes }) => heldBytes)
  return {
    settings,
    nowMs,
    roomBytes,
    hasSwap,
    standings: standings.sort(
      (one, other) => turn(one) - turn(other) || compareIds(one.call.id, other.call.id),
    ),
    isHelpOutside: lease?.isHelpComing ?? false,
    elsewhereBytes: Math.max(0, mostBytes - roomBytes),
    isUrgent: -freeBytes > cushionBytes * URGENT_SHARE,
    freeBytes,
    sideBytes,
    thawBytes: Math.min(settings.headroomBytes, sideBytes),
  }
}

export function sum<Value>(values: Iterable<Value>, of: (value: Value) => number): number {
  let total = 0
  for (const value of values) total += of(value)
  return total
}

function stand(
  settings: Settings,
  before: Track | undefined,
  call: CallObservation,
  mostBytes: number,
  nowMs: number,
): Standing {
  const budget = budgetBytes(call.guessedKind, call.hintBytes, mostBytes)
  const track = follow(settings, before ?? firstTrack(call, nowMs), call, nowMs)
  const held = heldBytes(call)
  const isPressing =
    call.state === 'running' && (track.isStrained || held > call.grantedBytes - settings.marginBytes / 2)
  return { call, track, heldBytes: held, budgetBytes: budget, isPressing }
}

/** Any order will do, if it is always the same. */
function compareIds(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
