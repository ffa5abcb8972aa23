// What one user may have of what the daemon gives away: equal shares, whoever asks first or oftenest.

import { ACG_MOST_RUNS } from '../../bpf/acg.gen.ts'
import type { Reader } from '../watch/bpf/watched-run.ts'

/** A ring of less cannot hold one exec; one of more is the kernel's memory for nothing. */
export const RING_BYTES = { least: 64 << 10, most: 16 << 20 } as const
const MOST_WAKE_DEPTH = 64
const RIDE_ALONG_MS = { least: 1, most: 1000 } as const
/** Connections, and so runs. */
export const MOST_PER_USER = 128
/** Of all users: what is over waits in the socket's queue. */
export const MOST_CONNECTIONS = ACG_MOST_RUNS

export function isRingSize(bytes: number): boolean {
  return bytes >= RING_BYTES.least && bytes <= RING_BYTES.most && (bytes & (bytes - 1)) === 0
}

export function isWithinBounds({ wakeDepth, rideAlongMs }: Reader): boolean {
  return (
    wakeDepth <= MOST_WAKE_DEPTH && rideAlongMs >= RIDE_ALONG_MS.least && rideAlongMs <= RIDE_ALONG_MS.most
  )
}

/** How many each user has. */
export class Shares {
  readonly #taken = new Map<number, number>()

  /** Whether the user got one more. */
  take(uid: number): boolean {
    const taken = this.#taken.get(uid) ?? 0
    if (taken >= MOST_PER_USER) return false
    this.#taken.set(uid, taken + 1)
    return true
  }

  giveBack(uid: number): void {
    const taken = (this.#taken.get(uid) ?? 0) - 1
    if (taken > 0) this.#taken.set(uid, taken)
    else this.#taken.delete(uid)
  }
}
