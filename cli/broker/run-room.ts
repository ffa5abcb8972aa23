// What the calls of one run may hold together: the run's limit, less what the agent holds, its mapped files with it, and
// a margin; or what the user's pool leaves to it, if that is less.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import type { Observation } from '../policy/observation.ts'
import type { Order } from '../pool/messages.ts'

const MARGIN_SHARE = 0.05
const LEAST_MARGIN_BYTES = 32 << 20

export type Room = Pick<Observation, 'roomBytes' | 'cushionBytes' | 'lease'>

export class RunRoom {
  readonly hasSwap: boolean
  /** Kept back: what the agent may grow by, and a call beyond its memory.high, until anybody looks again. */
  readonly marginBytes: number

  constructor(
    private readonly leaves: RunLeaves,
    private readonly limitBytes: number,
  ) {
    this.marginBytes = Math.max(LEAST_MARGIN_BYTES, limitBytes * MARGIN_SHARE)
    this.hasSwap = maySwap(leaves.container)
  }

  /** What the agent and its services hold; `heldByCalls` is the rest of what the run holds. */
  agentBytes(heldByCalls: number): number {
    return Math.max(0, this.leaves.heldBytes() - heldByCalls) + this.leaves.agentMappedBytes
  }

  /** `order`: what the pool says, if there is one; `isHelpComing` of it, where it still can be believed. */
  of(agentBytes: number, order: Order | null): Room {
    const own = Math.max(0, this.limitBytes - this.marginBytes - agentBytes)
    if (order === null || own <= order.leaseBytes)
      return { roomBytes: own, cushionBytes: this.marginBytes, lease: null }
    const { leaseBytes, mostBytes, isHelpComing } = order
    return {
      roomBytes: leaseBytes,
      cushionBytes: this.marginBytes + own - leaseBytes,
      lease: { mostBytes: Math.max(leaseBytes, Math.min(own, mostBytes)), isHelpComing },
    }
  }
}

function maySwap(cgroup: string): boolean {
  const most = join(cgroup, 'memory.swap.max')
  if (!existsSync(most) || readFileSync(most, 'utf8').trim() === '0') return false
  return Number(/^SwapTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) > 0
}
