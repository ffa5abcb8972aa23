// What the leader of a pool knows of its members, and what it tells them. Time and connections are the caller's.

import { dealLeases, type Lead, type Member } from './leases.ts'
import type { Order, Report } from './messages.ts'

/** Of the pool: what agents and calls may grow by until anybody looks. */
const MARGIN_SHARE = 0.05
/** A smaller change is told with the next answer. */
const WORTH_TELLING_BYTES = 1 << 20
/** Who carries none of so many orders out stands still. */
const MOST_UNHEARD = 64

interface Known {
  readonly report: Report
  readonly growsSinceMs: number
  /** Orders that it has not yet said to have carried out, with the last that it has. */
  readonly orders: readonly Order[]
}

/** Who is told what. */
export type Orders = ReadonlyMap<string, Order>

export class Leader {
  readonly #members = new Map<string, Known>()
  #lead: Lead | null = null

  /** `sinceMs`: until `graceMs` later it may be that not all members have been heard, and nobody gets more. */
  constructor(
    private readonly sinceMs: number,
    private readonly graceMs: number,
  ) {}

  /** Returns the answer, and what others are to know. */
  hear(report: Report, nowMs: number): Orders {
    const { run, need, heard } = report
    const before = this.#members.get(run)
    const wasGrowing = before?.report.need.isGrowing === true
    this.#members.set(run, {
      report,
      growsSinceMs: need.isGrowing && wasGrowing ? before.growsSinceMs : nowMs,
      orders: before?.orders.filter(({ number }) => number >= heard) ?? [],
    })
    return this.#deal(nowMs, run)
  }

  leave(run: string, nowMs: number): Orders {
    this.#members.delete(run)
    return this.#deal(nowMs, null)
  }

  #deal(nowMs: number, asking: string | null): Orders {
    const known = [...this.#members.values()]
    const poolBytes = Math.min(...known.map(({ report }) => report.poolBytes))
    const mayRaise = nowMs - this.sinceMs >= this.graceMs
    const members = known.map(asMember)
    const { lead, leases } = dealLeases(poolBytes * (1 - MARGIN_SHARE), members, this.#lead, {
      nowMs,
      mayRaise,
    })
    this.#lead = lead
    const orders = new Map<string, Order>()
    for (const [run, lease] of leases) {
      const each = this.#members.get(run) as Known
      const last = each.orders.at(-1)
      const isNews =
        !last ||
        last.isHelpComing !== lease.isHelpComing ||
        Math.abs(last.leaseBytes - lease.leaseBytes) >= WORTH_TELLING_BYTES
      if (run !== asking && (!isNews || each.orders.length > MOST_UNHEARD)) continue
      const order = { number: (last?.number ?? each.report.heard) + 1, ...lease }
      this.#members.set(run, { ...each, orders: [...each.orders, order] })
      orders.set(run, order)
    }
    return orders
  }
}

function asMember({ report, growsSinceMs, orders }: Known): Member {
  const { run, priority, agentBytes, need } = report
  const boundBytes = Math.max(report.leaseBytes, ...orders.map(({ leaseBytes }) => leaseBytes))
  return { run, priority, agentBytes, need, boundBytes, growsSinceMs }
}
