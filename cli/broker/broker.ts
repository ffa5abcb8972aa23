// Shares a run's memory among its calls: reads their leaves, asks the policy, and carries out what it says.

import type { Leaf } from '../cgroup/leaf.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { formatDuration } from '../duration.ts'
import type { Action, LimitFacts } from '../policy/action.ts'
import { type Need, NO_NEED } from '../policy/need.ts'
import { type CallObservation, heldBytes, type Observation } from '../policy/observation.ts'
import { sum } from '../policy/pool.ts'
import type { Settings } from '../policy/settings.ts'
import { FIRST_STATE, type PolicyState, step } from '../policy/step.ts'
import type { Order } from '../pool/messages.ts'
import type { Seat } from '../pool/seat.ts'
import type { LimitEvent } from '../record/schema.ts'
import { grantAhead } from './foresight.ts'
import { limitEvent } from './limit-event.ts'
import { RunRoom } from './run-room.ts'
import { type Arrival, Tenant } from './tenant.ts'
import { heldText, limitText } from './texts.ts'

/**
 * How often it looks, and how often at least it takes a step: while nothing moves, a look reads one number. Growing:
 * a burst takes 3 MB in a ms at most. Settled: every call has stopped growing. Standing: no call runs, or each is
 * stopped, and whatever changes that comes with an event.
 */
const PACES = {
  growing: { lookMs: 10, stepMs: 50 },
  settled: { lookMs: 20, stepMs: 100 },
  standing: { lookMs: 100, stepMs: 250 },
} as const
/** Less than this is no movement: a call has many times as much ahead of it. */
const MOVES_BYTES = 4 << 20
/** Nor is what leaves most of the room that there was. */
const MOVES_SHARE = 1 / 4

const NEVER = { atMs: Number.NEGATIVE_INFINITY, usedBytes: 0 }

/** What the broker needs of the run that it serves. */
export interface BrokerRun {
  readonly id: string
  /** Since its start, for the record. */
  timeMs(): number
  /** The same without what it was paused. */
  nowMs(): number
  /** To the model, on the call's own standard error; whether it was taken. */
  say(call: number, text: string): boolean
  record(event: LimitEvent): void
  note(text: string): void
  /** The call is ended with all that it started. */
  ended(call: number): void
  end(why: string): void
  /** Has the next look come in so many ms at the latest. */
  lookWithin(ms: number): void
}

export class Broker {
  readonly #tenants = new Map<string, Tenant>()
  readonly #room: RunRoom
  #state: PolicyState = FIRST_STATE
  /** The last that was carried out. */
  #order: Order | null = null
  #reported: { agentBytes: number; need: Need } = { agentBytes: 0, need: NO_NEED }
  /** The leaf that has what its call will be granted, if that is the next to come. */
  #prepared: Leaf | null = null
  #isResting = false
  #wasSilent = false
  #last = NEVER
  /** Of the room, what nobody held at the last step. */
  #freeBytes = 0

  /** Where `acts` is false, it records what it would do. All methods throw the file system's error. */
  constructor(
    private readonly leaves: RunLeaves,
    private readonly limitBytes: number,
    private readonly settings: Settings,
    private readonly acts: boolean,
    private readonly run: BrokerRun,
    private readonly seat: Seat | null = null,
  ) {
    this.#room = new RunRoom(leaves, limitBytes)
    seat?.listen(() => {
      if (this.#hasNewLease()) run.lookWithin(0)
    })
  }

  /**
   * To be called now and then while no call is there: the next one, whose leaf this is, need not be held for what can be
   * worked out before. What a pool lends may be somebody else's by then. Returns whether that was done.
   */
  prepare(leaf: Leaf): boolean {
    this.#prepared = null
    if (!this.acts || this.seat !== null || this.#tenants.size > 0) return false
    if (!grantAhead(leaf, this.#room, this.settings, this.run.nowMs())) return false
    this.#prepared = leaf
    return true
  }

  /** Its first process is held. `go`, which puts it into its leaf and lets it go, is called before this returns. */
  enter(arrival: Arrival, go: () => void): void {
    const tenant = new Tenant(arrival, this.run.id, this.run.nowMs(), this.acts)
    const isPrepared = arrival.leaf === this.#prepared
    this.#prepared = null
    this.#admit(tenant)
    if (isPrepared) go()
    this.#step()
    if (!isPrepared) go()
    if (tenant.isStopped) tenant.keepAtTheDoor()
    this.run.lookWithin(PACES.growing.lookMs)
  }

  /** Its root has ended, and something of it still runs. */
  leftBehind(call: number): void {
    const tenant = this.#tenants.get(String(call))
    if (tenant) tenant.isBackground = true
  }

  /** Another process has begun in its leaf: a stage of a pipeline whose others had ended. */
  resumed(call: number): void {
    const tenant = this.#tenants.get(String(call))
    if (tenant) tenant.isBackground = false
  }

  /** Nothing of it is there any more. */
  left(call: number): void {
    this.#tenants.delete(String(call))
    this.#forget(call)
    this.#last = NEVER
    this.run.lookWithin(PACES.growing.lookMs)
  }

  #admit(tenant: Tenant): void {
    this.#forget(tenant.arrival.call)
    this.#tenants.set(String(tenant.arrival.call), tenant)
  }

  #forget(call: number): void {
    const tracks = new Map(this.#state.tracks)
    tracks.delete(String(call))
    this.#state = { ...this.#state, tracks }
  }

  /** Returns in how many ms to look again. */
  look(): number {
    this.#isResting = false
    for (const tenant of this.#tenants.values()) tenant.closeTheDoor()
    if (this.#tenants.size === 0) {
      this.#lookAtTheAgent()
      return PACES.standing.lookMs
    }
    const isDue = this.run.nowMs() - this.#last.atMs >= this.#pace.stepMs
    if (isDue || this.#hasMoved() || this.#hasNewLease()) this.#step()
    return this.#pace.lookMs
  }

  #lookAtTheAgent(): void {
    if (this.seat === null) return
    this.#order = this.seat.order
    this.#reported = { agentBytes: this.#room.agentBytes(0), need: NO_NEED }
    this.#report()
  }

  /** While the run is paused nothing of it grows: other runs may have what it would have grown by. As look(). */
  rest(): number {
    const isNew = !this.#isResting
    this.#isResting = true
    if (this.seat !== null && (isNew || this.seat.order !== this.#order)) this.#step()
    else this.#report()
    return PACES.standing.lookMs
  }

  /** One that is worth a step at once; every other is taken with the next. */
  #hasNewLease(): boolean {
    if (this.seat === null || this.seat.order === this.#order) return false
    const [now, before] = [this.seat.order, this.#order]
    return (
      before === null ||
      now.isHelpComing !== before.isHelpComing ||
      Math.abs(now.leaseBytes - before.leaseBytes) >= MOVES_BYTES
    )
  }

  /** What the pool says; from a leader that is silent for long nobody waits for help. */
  #heardOrder(): Order | null {
    if (this.seat === null) return null
    this.#order = this.seat.order
    const isSilent = this.seat.silentMs >= this.settings.stallMs
    if (isSilent && !this.#wasSilent)
      this.run.note(`the pool’s leader has not answered for ${formatDuration(this.settings.stallMs)}`)
    this.#wasSilent = isSilent
    return isSilent ? { ...this.#order, isHelpComing: false } : this.#order
  }

  #report(): void {
    if (this.seat === null || this.#order === null) return
    const { agentBytes, need } = this.#reported
    const resting = { ...need, isGrowing: false, isShort: false, helpingBytes: 0 }
    this.seat.tell({ agentBytes, need: this.#isResting ? resting : need, carriedOut: this.#order })
  }

  get #pace(): (typeof PACES)[keyof typeof PACES] {
    const { jam, tracks } = this.#state
    if (jam !== null) return PACES.growing
    // What is to happen comes from elsewhere then: from what the agent holds, or from the pool.
    if (this.#tenants.values().every(({ stands }) => stands)) return PACES.standing
    return tracks.values().every(({ isSettled }) => isSettled) ? PACES.settled : PACES.growing
  }

  #hasMoved(): boolean {
    const least = Math.max(MOVES_BYTES, this.#freeBytes * MOVES_SHARE)
    return Math.abs(this.leaves.usedBytes - this.#last.usedBytes) >= least
  }

  #step(): void {
    const nowMs = this.run.nowMs()
    // What was killed has ended when nothing is in its leaf: its root may live on outside, as a subshell does.
    for (const { wasKilled, arrival } of this.#tenants.values())
      if (wasKilled && arrival.leaf.pids().length === 0) this.left(arrival.call)
    const { state, actions, need } = step(this.settings, this.#state, this.#observe(nowMs))
    this.#state = state
    this.#last = { atMs: nowMs, usedBytes: this.leaves.usedBytes }
    for (const action of actions) {
      const tenant = this.#tenants.get(action.call)
      if (tenant) this.#carryOut(action, tenant)
    }
    this.#reported = { ...this.#reported, need }
    this.#report()
  }

  #observe(nowMs: number): Observation {
    const calls = this.#readings()
    const room = this.#room
    const held = sum(calls, heldBytes)
    const agentBytes = room.agentBytes(held)
    this.#reported = { ...this.#reported, agentBytes }
    const { roomBytes, ...beyond } = room.of(agentBytes, this.#heardOrder())
    this.#freeBytes = Math.max(0, roomBytes - held)
    const observation = { nowMs, roomBytes, ...beyond, hasSwap: room.hasSwap }
    if (held - roomBytes <= room.marginBytes / 2) return { ...observation, calls }
    for (const call of calls) this.#tenants.get(call.id)?.brake(heldBytes(call))
    return { ...observation, calls: this.#readings() }
  }

  #readings(): CallObservation[] {
    return this.#tenants
      .values()
      .map((tenant) => tenant.observe())
      .filter((call) => call !== null)
      .toArray()
  }

  #carryOut(action: Action, tenant: Tenant): void {
    switch (action.action) {
      case 'grant':
        tenant.grant(action.grantedBytes)
        break
      case 'admit':
        tenant.grant(action.grantedBytes)
        if (tenant.letGo()) this.#record(tenant, 'admitted')
        break
      case 'freeze':
        tenant.freeze()
        // Who is stopped at the limit was told, which is on record.
        if (tenant.toldAbout !== 'limit') this.#record(tenant, 'frozen')
        break
      case 'thaw':
        tenant.letGo()
        this.#record(tenant, 'thawed')
        break
      case 'reclaim':
        tenant.reclaim(action.bytes)
        break
      case 'tell':
        this.#tell(action, tenant)
        break
      case 'kill':
        this.#kill(tenant, action.why)
        break
      case 'endRun':
        this.#record(tenant, 'run_ended', action.why)
        if (this.acts) this.run.end(`call ${action.call} was killed for want of memory and does not end`)
    }
  }

  #tell({ about, why }: Extract<Action, { action: 'tell' }>, tenant: Tenant): void {
    const isStoppedForGood = about === 'limit' && this.settings.onLimit === 'freeze'
    if (isStoppedForGood && tenant.toldAbout === 'limit') return
    const text = about === 'held' ? heldText(why) : limitText(this.settings.onLimit, this.limitBytes, why)
    const isTaken = this.acts && this.run.say(tenant.arrival.call, text)
    tenant.toldAbout = about
    tenant.couldRead = isTaken
    if (isStoppedForGood) this.#record(tenant, 'frozen', why)
  }

  #kill(tenant: Tenant, why: LimitFacts): void {
    tenant.kill()
    this.#record(tenant, 'killed', why)
    if (this.acts) this.run.ended(tenant.arrival.call)
    else this.#admit(tenant.goingOn())
  }

  #record(tenant: Tenant, action: LimitEvent['action'], why?: LimitFacts): void {
    const { arrival } = tenant
    const told = tenant.toldAbout === TOLD_BEFORE[action] && tenant.couldRead
    const what = { call: arrival.call, action, by: 'acg', done: this.acts, told } as const
    const peakBytes = arrival.leaf.history()?.peakBytes ?? why?.peakBytes
    this.run.record(
      limitEvent(what, this.run.timeMs(), this.limitBytes, { ...why, ...(peakBytes && { peakBytes }) }),
    )
    if (action === 'thawed' || action === 'admitted') tenant.toldAbout = null
  }
}

/** What a model is told before each. */
const TOLD_BEFORE: Readonly<Record<LimitEvent['action'], Tenant['toldAbout']>> = {
  admitted: 'held',
  thawed: 'held',
  frozen: 'limit',
  killed: 'limit',
  run_ended: 'limit',
}
