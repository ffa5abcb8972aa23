// What the calls of one run may hold together: the run's limit, less what the agent holds, its mapped files with it, and
// a margin.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunLeaves } from '../cgroup/run-leaves.ts'

const MARGIN_SHARE = 0.05
const LEAST_MARGIN_BYTES = 32 << 20

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

  /** `heldByCalls` is part of what the run holds. */
  bytes(heldByCalls: number): number {
    const others = Math.max(0, this.leaves.heldBytes() - heldByCalls)
    return Math.max(0, this.limitBytes - this.marginBytes - others - this.leaves.agentMappedBytes)
  }
}

function maySwap(cgroup: string): boolean {
  const most = join(cgroup, 'memory.swap.max')
  if (!existsSync(most) || readFileSync(most, 'utf8').trim() === '0') return false
  return Number(/^SwapTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) > 0
}
