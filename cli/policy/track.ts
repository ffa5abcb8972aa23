// What is remembered of a call between two steps: how far it has grown, whether it gets on, and how long it was held.

import { type CallObservation, heldBytes } from './observation.ts'
import type { Settings } from './settings.ts'

export interface Track {
  readonly peakBytes: number
  /** What it held when it last rose; follows it down. */
  readonly levelBytes: number
  readonly roseAtMs: number
  /** It has stopped growing: it counts with what it holds, and a reserve. */
  readonly isSettled: boolean
  /** It stands, for want of memory. */
  readonly isStrained: boolean
  /** Since when it has waited or been frozen. */
  readonly heldSinceMs: number | null
  readonly heldMs: number
  readonly window: Counters
  /** Frozen for good, unless there is room: `onLimit` is `freeze`. */
  readonly isParked: boolean
  readonly killedAtMs: number | null
  readonly hasEndedRun: boolean
}

interface Counters {
  readonly atMs: number
  readonly stalledUs: number
  readonly cpuUs: number
  readonly crossings: number
}

/** Smaller growth is noise. */
const LEAST_RISE_BYTES = 4e6
const LEAST_RISE_SHARE = 0.02
/** Who has given back so much that only this is left has had its burst. */
const RELEASED_SHARE = 0.8
/** More of the time than this with everything in it waiting for memory is standing still. */
const MOST_STALLED_SHARE = 0.5
/** Crossings with less CPU time than this are no work. */
const LEAST_CPU_SHARE = 0.05

/** A broker that takes over knows nothing of what runs: it supposes that it is where it belongs. */
export function firstTrack(call: CallObservation, nowMs: number): Track {
  return {
    peakBytes: 0,
    levelBytes: heldBytes(call),
    roseAtMs: nowMs,
    isSettled: call.state === 'running',
    isStrained: false,
    heldSinceMs: call.state === 'running' ? null : nowMs,
    heldMs: 0,
    window: counters(call, nowMs),
    isParked: false,
    killedAtMs: null,
    hasEndedRun: false,
  }
}

/** Until here a settled call counts as settled. */
export function reservedBytes({ reserveShare, marginBytes }: Settings, { levelBytes }: Track): number {
  return Math.max(levelBytes * (1 + reserveShare), levelBytes + marginBytes)
}

export function follow(settings: Settings, before: Track, call: CallObservation, nowMs: number): Track {
  const held = heldBytes(call)
  const peakBytes = Math.max(before.peakBytes, held)
  if (call.state !== 'running') {
    // A frozen call was growing when it was stopped, and will when it goes on.
    const heldSinceMs = before.heldSinceMs ?? nowMs
    const stopped = { isSettled: false, isStrained: false, roseAtMs: nowMs, window: counters(call, nowMs) }
    return { ...before, ...stopped, peakBytes, heldSinceMs }
  }
  const heldMs = before.heldMs + (before.heldSinceMs === null ? 0 : nowMs - before.heldSinceMs)
  const { window, isStrained } = judge(settings, before, call, nowMs)
  const rise = Math.max(LEAST_RISE_BYTES, before.levelBytes * LEAST_RISE_SHARE)
  const hasRisen = held > (before.isSettled ? reservedBytes(settings, before) : before.levelBytes + rise)
  const roseAtMs = hasRisen ? nowMs : before.roseAtMs
  const hasStopped = before.isSettled || held < before.levelBytes * RELEASED_SHARE
  return {
    ...before,
    peakBytes,
    levelBytes: hasRisen ? held : Math.min(before.levelBytes, held),
    roseAtMs,
    isSettled: !isStrained && !hasRisen && (hasStopped || nowMs - roseAtMs >= settings.settleMs),
    isStrained,
    heldSinceMs: null,
    heldMs,
    window,
  }
}

/** How long it has been held, up to now. */
export function heldMsOf({ heldMs, heldSinceMs }: Track, nowMs: number): number {
  return heldMs + (heldSinceMs === null ? 0 : nowMs - heldSinceMs)
}

/** Not getting on is a rate: a call that reclaims its own cache crosses its limit all the time, and works. */
function judge(
  settings: Settings,
  before: Track,
  call: CallObservation,
  nowMs: number,
): Pick<Track, 'window' | 'isStrained'> {
  if (call.isBraked) return { window: counters(call, nowMs), isStrained: true }
  const { window, isStrained } = before
  const passedMs = nowMs - window.atMs
  if (passedMs < settings.windowMs) return { window, isStrained }
  const passedUs = passedMs * 1000
  const stalledShare = (call.stalledUs - window.stalledUs) / passedUs
  const cpuShare = (call.cpuUs - window.cpuUs) / passedUs
  const crosses = call.crossings > window.crossings
  return {
    window: counters(call, nowMs),
    isStrained: stalledShare > MOST_STALLED_SHARE || (crosses && cpuShare < LEAST_CPU_SHARE),
  }
}

function counters({ stalledUs, cpuUs, crossings }: CallObservation, atMs: number): Counters {
  return { atMs, stalledUs, cpuUs, crossings }
}
