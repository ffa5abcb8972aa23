// A leaf as the kernel keeps it, a millisecond at a time: what is over memory.high is paid for with sleep, of about
// 64·x² seconds for 64 pages, x being the share by which it is over; nothing below 1.25 %, and two seconds at most at a
// time. Who sleeps is not woken by a higher limit. Nothing is reclaimed but from a frozen call with swap.

import { type Demand, demandAt, durationMs } from './demand.ts'

const BATCH_BYTES = 64 * 4096
const FREE_OVERRUN = 0.0125
const SECONDS_PER_SQUARE = 64
const LONGEST_SLEEP_MS = 2000
/** What comes back from swap in a millisecond. */
const SWAP_IN_BYTES = 1e6

export class Leaf {
  usedBytes = 0
  highBytes = 0
  crossings = 0
  stalledMs = 0
  ranMs = 0
  ownMs = 0
  state: 'waiting' | 'running' | 'frozen' = 'waiting'
  #swappedBytes = 0
  #wakesMs = 0

  constructor(readonly demand: Demand) {}

  get isDone(): boolean {
    return this.ownMs >= durationMs(this.demand)
  }

  /** It runs, and is past its limit so far that it is braked. */
  get isOver(): boolean {
    return this.state === 'running' && this.usedBytes > this.highBytes * (1 + FREE_OVERRUN)
  }

  reclaim(bytes: number): void {
    const taken = Math.min(Math.round(bytes), this.usedBytes)
    this.usedBytes -= taken
    this.#swappedBytes += taken
  }

  tick(nowMs: number): void {
    if (this.state !== 'running') return
    if (nowMs < this.#wakesMs) {
      this.stalledMs += Math.min(1, this.#wakesMs - nowMs)
      return
    }
    const wanted = Math.round(demandAt(this.demand, this.ownMs + 1))
    if (this.#allocate(wanted, nowMs)) {
      this.usedBytes = wanted
      this.#swappedBytes = 0
      this.ownMs += 1
      this.ranMs += 1
    }
  }

  /** Whether it has all of it; if not, it sleeps, or is still reading from swap. */
  #allocate(wanted: number, nowMs: number): boolean {
    let fromSwap = SWAP_IN_BYTES
    while (this.usedBytes < wanted) {
      const batch = Math.min(BATCH_BYTES, wanted - this.usedBytes)
      if (this.#swappedBytes > 0) {
        if (fromSwap <= 0) {
          this.stalledMs += 1
          return false
        }
        fromSwap -= batch
        this.#swappedBytes = Math.max(0, this.#swappedBytes - batch)
      }
      this.usedBytes += batch
      if (this.usedBytes <= this.highBytes) continue
      this.crossings += 1
      const sleepMs = penaltyMs(this.usedBytes, this.highBytes, batch)
      if (sleepMs > 0) {
        this.#wakesMs = nowMs + sleepMs
        this.stalledMs += Math.min(1, sleepMs)
        return false
      }
    }
    return true
  }
}

export function penaltyMs(usedBytes: number, highBytes: number, chargedBytes: number): number {
  const over = (usedBytes - highBytes) / Math.max(highBytes, 1)
  if (over < FREE_OVERRUN) return 0
  const ms = SECONDS_PER_SQUARE * 1000 * over ** 2 * (chargedBytes / BATCH_BYTES)
  return Math.min(LONGEST_SLEEP_MS, ms)
}
