// How the runs of a user share what they may hold together. Each has a *lease*: what its calls may hold, within which it
// shares by itself (policy/). Of the runs whose calls grow, one *leads* and may have all that is left; the others have
// what they hold and a little more. Pure, as the policy is, and for the same reason: two half-grown bursts could wait for
// each other for ever.

import type { Need } from '../policy/need.ts'
import type { Priority } from '../policy/observation.ts'
import { PATIENCE_MS } from '../policy/order.ts'
import { sum } from '../policy/pool.ts'
import { DEFAULT_SETTINGS } from '../policy/settings.ts'

export interface Member {
  readonly run: string
  readonly priority: Priority
  /** What the agent and its services hold. */
  readonly agentBytes: number
  readonly need: Need
  /** The most that it may believe to have. */
  readonly boundBytes: number
  /** Since when something of it grows. */
  readonly growsSinceMs: number
}

export interface Lease {
  readonly leaseBytes: number
  /** What it would be if no other run held anything. */
  readonly mostBytes: number
  /** Others get on whose memory would come to it, or it is not its turn. */
  readonly isHelpComing: boolean
}

/** The run that leads. */
export interface Lead {
  readonly run: string
  readonly sinceMs: number
  /** It got no further without. */
  readonly wasShort: boolean
}

export interface Dealt {
  readonly lead: Lead | null
  readonly leases: ReadonlyMap<string, Lease>
}

const { sideShare, headroomBytes, passMs } = DEFAULT_SETTINGS

/**
 * `roomBytes`: of all runs, agents included. All that any may believe to have is together never more than that, unless
 * more is held: what one is to lose, no other gets before it is known to have let it go. Where `mayRaise` is false,
 * nobody gets more.
 */
export function dealLeases(
  roomBytes: number,
  members: readonly Member[],
  leadBefore: Lead | null,
  { nowMs, mayRaise }: { readonly nowMs: number; readonly mayRaise: boolean },
): Dealt {
  const room = Math.max(0, roomBytes - sum(members, ({ agentBytes }) => agentBytes))
  const lead = chooseLead(room * sideShare, members, leadBefore, nowMs)
  const targets = targetsOf(room, members, lead)
  let free = room - sum(members, committedBytes)
  const leases = new Map<string, Lease>()
  for (const member of lead ? [lead, ...members.filter((each) => each !== lead)] : members) {
    const target = targets.get(member) as number
    const committed = mayRaise ? committedBytes(member) : member.boundBytes
    const raise = mayRaise ? Math.max(0, Math.min(target - committed, free)) : 0
    free -= raise
    leases.set(member.run, {
      leaseBytes: Math.min(target, committed + raise),
      mostBytes: room,
      isHelpComing: member !== lead || isHelpComing(room, members, lead, targets),
    })
  }
  return { lead: lead && asLead(lead, leadBefore, nowMs), leases }
}

function asLead({ run, need }: Member, before: Lead | null, nowMs: number): Lead {
  if (before?.run !== run) return { run, sinceMs: nowMs, wasShort: need.isShort }
  return { ...before, wasShort: before.wasShort || need.isShort }
}

function committedBytes({ boundBytes, need }: Member): number {
  return Math.max(boundBytes, need.heldBytes)
}

/**
 * `sideBytes`: what those who do not lead may have grown to without being in anybody's way. Who leads because it had to
 * keeps at it, or two that are short would only take the lead from each other; but not for ever, if it does without.
 */
function chooseLead(
  sideBytes: number,
  members: readonly Member[],
  leadBefore: Lead | null,
  nowMs: number,
): Member | null {
  const inTurn = members.toSorted(
    (one, other) => turnMs(one) - turnMs(other) || (one.run < other.run ? -1 : 1),
  )
  const growing = inTurn.filter(({ need }) => need.isGrowing)
  const before = growing.find(({ run }) => run === leadBefore?.run)
  const isNew = leadBefore?.wasShort && nowMs - leadBefore.sinceMs < passMs
  const keeps = before && (before.need.isShort || before.need.growingBytes > sideBytes || isNew)
  const next = keeps ? before : (growing.find(({ need }) => need.isShort) ?? before ?? growing[0])
  if (next === undefined) return inTurn.find(({ need }) => need.isParked) ?? null
  const ofOthers = sum(growing, (each) => (each === next ? 0 : each.need.growingBytes))
  if (ofOthers <= sideBytes) return next
  // Only the end of what has grown most gives so much back.
  return growing.reduce((most, each) => (each.need.growingBytes > most.need.growingBytes ? each : most))
}

function turnMs({ growsSinceMs, priority }: Member): number {
  return growsSinceMs + PATIENCE_MS[priority]
}

function targetsOf(room: number, members: readonly Member[], lead: Member | null): Map<Member, number> {
  const free = Math.max(0, room - sum(members, ({ need }) => need.heldBytes))
  const others = members.filter((each) => each !== lead)
  const ahead = aheadBytes(room, free, others.length, lead)
  const targets = new Map<Member, number>()
  for (const member of others) {
    const { heldBytes, growingBytes } = member.need
    // What it has grown to comes out of what it has ahead: else it would grow without end, step by step.
    const settledBytes = heldBytes - growingBytes
    // Not every change of the others is news to it; but what somebody is short of is not left lying with it.
    const mostAhead = lead?.need.isShort ? ahead : ahead * 2
    const isNearEnough =
      member.boundBytes >= settledBytes + ahead / 2 && member.boundBytes <= settledBytes + mostAhead
    targets.set(member, Math.max(heldBytes, isNearEnough ? member.boundBytes : settledBytes + ahead))
  }
  if (lead) targets.set(lead, Math.max(lead.need.heldBytes, room - sum(targets.values(), (bytes) => bytes)))
  return targets
}

/** What each that does not lead may grow by: part of the side room, or, where nobody grows, of a half of all. */
function aheadBytes(room: number, free: number, others: number, lead: Member | null): number {
  if (lead) return Math.min(room * sideShare, free / 2) / Math.max(1, others)
  return others === 1 ? free : free / 2 / Math.max(1, others)
}

function isHelpComing(
  room: number,
  members: readonly Member[],
  lead: Member | null,
  targets: ReadonlyMap<Member, number>,
): boolean {
  const others = members.filter((each) => each !== lead)
  const isGivenBack = others.some((each) => committedBytes(each) > (targets.get(each) as number))
  const helping = sum(others, ({ need }) => need.helpingBytes)
  return isGivenBack || helping >= Math.min(headroomBytes, room * sideShare)
}
