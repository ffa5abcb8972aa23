// What a call needs over its own running time: corners of a line, in bytes. It gets on only while it has what it needs.

import type { Kind } from '../../record/vocabulary.ts'
import type { Priority } from '../observation.ts'

export interface Demand {
  readonly corners: readonly { readonly atMs: number; readonly bytes: number }[]
}

export interface SimulatedCall {
  readonly id: string
  readonly priority: Priority
  readonly kind: Kind
  readonly arrivesMs: number
  readonly demand: Demand
  readonly hintBytes?: number
}

export function demandAt({ corners }: Demand, ownMs: number): number {
  let before = { atMs: 0, bytes: 0 }
  for (const corner of corners) {
    if (ownMs <= corner.atMs) {
      const share = corner.atMs === before.atMs ? 1 : (ownMs - before.atMs) / (corner.atMs - before.atMs)
      return before.bytes + share * (corner.bytes - before.bytes)
    }
    before = corner
  }
  return before.bytes
}

export function durationMs({ corners }: Demand): number {
  return corners.at(-1)?.atMs ?? 0
}

export function peakBytes({ corners }: Demand): number {
  return Math.max(0, ...corners.map(({ bytes }) => bytes))
}

export interface Burst {
  readonly baseBytes: number
  readonly beforeMs: number
  readonly peakBytes: number
  readonly riseMs: number
  readonly lastsMs: number
  readonly afterMs: number
}

/** Low, up to a peak, for a while there, and low again. */
export function burst({ baseBytes, beforeMs, peakBytes, riseMs, lastsMs, afterMs }: Burst): Demand {
  const steps = [
    [20, baseBytes],
    [beforeMs, baseBytes],
    [riseMs, peakBytes],
    [lastsMs, peakBytes],
    [20, baseBytes],
    [afterMs, baseBytes],
  ] as const
  let atMs = 0
  return {
    corners: steps.map(([ms, bytes]) => {
      atMs += ms
      return { atMs, bytes }
    }),
  }
}
