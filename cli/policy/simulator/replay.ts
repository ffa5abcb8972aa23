// A pool of simulated calls under a policy, a broker's step every few milliseconds: what became of each call, and
// what was wrong with what the policy did.

import type { Action } from '../action.ts'
import type { CallObservation, Observation } from '../observation.ts'
import { DEFAULT_SETTINGS, type Settings } from '../settings.ts'
import { FIRST_STATE, type PolicyState, type Step, step } from '../step.ts'
import type { SimulatedCall } from './demand.ts'
import { Leaf } from './leaf.ts'

export type Policy = (settings: Settings, state: PolicyState, observation: Observation) => Omit<Step, 'need'>

export interface Setting {
  readonly calls: readonly SimulatedCall[]
  readonly roomBytes: number
  readonly hasSwap?: boolean
  readonly stepMs?: number
  /** After this the simulation is given up. */
  readonly untilMs?: number
  readonly settings?: Settings
  readonly policy?: Policy
}

export interface Outcome {
  readonly id: string
  readonly startedMs: number | null
  readonly finishedMs: number | null
  readonly killedMs: number | null
  readonly toldMs: number | null
  /** Before it was let in. */
  readonly waitedMs: number
  readonly frozenMs: number
  /** Asleep in the kernel's brake, in all, and the longest time that it stood over its limit without getting on. */
  readonly throttledMs: number
  readonly longestOverMs: number
  readonly peakBytes: number
}

export interface Replayed {
  readonly outcomes: readonly Outcome[]
  readonly endedMs: number
  /** Something was neither finished nor killed in time. */
  readonly isStuck: boolean
  /** The most that was granted beyond the room while no more was held than there is. */
  readonly overGrantedBytes: number
  /** What no policy may do: a grant below what a call holds, a kill without a word before it. */
  readonly faults: readonly string[]
  readonly actions: readonly { readonly atMs: number; readonly action: Action }[]
  /** Every 10 ms. */
  readonly usedBytes: readonly number[]
}

/** Who was not braked for so long gets on, limit or not. */
const GETS_ON_MS = 200

class Guest {
  readonly leaf: Leaf
  startedMs: number | null = null
  finishedMs: number | null = null
  killedMs: number | null = null
  toldMs: number | null = null
  waitedMs = 0
  frozenMs = 0
  overMs = 0
  freeMs = 0
  longestOverMs = 0
  peakBytes = 0

  constructor(readonly call: SimulatedCall) {
    this.leaf = new Leaf(call.demand)
  }

  get isGone(): boolean {
    return this.finishedMs !== null || this.killedMs !== null
  }

  tick(nowMs: number): void {
    const { leaf } = this
    const before = leaf.ownMs
    leaf.tick(nowMs)
    if (leaf.state === 'waiting') this.waitedMs += 1
    if (leaf.state === 'frozen') this.frozenMs += 1
    this.freeMs = leaf.ownMs > before ? this.freeMs + 1 : 0
    this.overMs = leaf.isOver && this.freeMs < GETS_ON_MS ? this.overMs + 1 : 0
    this.longestOverMs = Math.max(this.longestOverMs, this.overMs)
    this.peakBytes = Math.max(this.peakBytes, leaf.usedBytes)
    if (leaf.isDone) this.finishedMs = nowMs + 1
  }

  observe(): CallObservation {
    const { call, leaf } = this
    return {
      id: call.id,
      run: call.id,
      priority: call.priority,
      guessedKind: call.kind,
      sinceMs: call.arrivesMs,
      state: leaf.state,
      grantedBytes: leaf.highBytes,
      usedBytes: leaf.usedBytes,
      cacheBytes: 0,
      crossings: leaf.crossings,
      stalledUs: leaf.stalledMs * 1000,
      cpuUs: leaf.ranMs * 1000,
      isBraked: false,
      isBackground: false,
      hintBytes: call.hintBytes ?? null,
    }
  }

  outcome(): Outcome {
    const { call, leaf, startedMs, finishedMs, killedMs, toldMs, waitedMs, frozenMs, longestOverMs } = this
    return {
      id: call.id,
      startedMs,
      finishedMs,
      killedMs,
      toldMs,
      waitedMs,
      frozenMs,
      throttledMs: leaf.stalledMs,
      longestOverMs,
      peakBytes: this.peakBytes,
    }
  }
}

export function replay(setting: Setting): Replayed {
  const { calls, roomBytes, hasSwap = false, stepMs = 10, untilMs = 600_000 } = setting
  const { settings = DEFAULT_SETTINGS, policy = step } = setting
  const guests = calls.map((call) => new Guest(call))
  const faults: string[] = []
  const actions: { atMs: number; action: Action }[] = []
  const used: number[] = []
  let state = FIRST_STATE
  let overGrantedBytes = 0
  let nowMs = 0
  for (; nowMs < untilMs && !guests.every(({ isGone }) => isGone); nowMs++) {
    const here = guests.filter(({ call, isGone }) => call.arrivesMs <= nowMs && !isGone)
    if (nowMs % stepMs === 0 && here.length > 0) {
      const observation = {
        nowMs,
        roomBytes,
        cushionBytes: Number.POSITIVE_INFINITY,
        lease: null,
        hasSwap,
        calls: here.map((guest) => guest.observe()),
      }
      const taken = policy(settings, state, observation)
      state = taken.state
      for (const action of taken.actions) {
        actions.push({ atMs: nowMs, action })
        const fault = carryOut(action, here, nowMs)
        if (fault !== null) faults.push(`${nowMs} ms: ${fault}`)
      }
      overGrantedBytes = Math.max(overGrantedBytes, overGranted(here, roomBytes))
    }
    if (nowMs % 10 === 0) used.push(here.reduce((total, { leaf }) => total + leaf.usedBytes, 0))
    for (const guest of here) if (!guest.isGone) guest.tick(nowMs)
  }
  return {
    outcomes: guests.map((guest) => guest.outcome()),
    endedMs: nowMs,
    isStuck: !guests.every(({ isGone }) => isGone),
    overGrantedBytes,
    faults,
    actions,
    usedBytes: used,
  }
}

/** What was wrong with the action, or null. */
function carryOut(action: Action, here: readonly Guest[], nowMs: number): string | null {
  if (action.action === 'endRun') return `the run of ${action.call} was ended`
  const guest = here.find(({ call }) => call.id === action.call)
  if (!guest) return `${action.action} of ${action.call}, which is not here`
  const { leaf } = guest
  switch (action.action) {
    case 'admit':
      if (leaf.state !== 'waiting') return `admit of ${action.call}, which is ${leaf.state}`
      leaf.state = 'running'
      leaf.highBytes = action.grantedBytes
      guest.startedMs = nowMs
      return null
    case 'grant': {
      const isBelow = action.grantedBytes < leaf.usedBytes && action.grantedBytes < leaf.highBytes
      leaf.highBytes = action.grantedBytes
      return isBelow ? `grant of ${action.call} below what it holds` : null
    }
    case 'freeze':
      if (leaf.state !== 'running') return `freeze of ${action.call}, which is ${leaf.state}`
      leaf.state = 'frozen'
      return null
    case 'thaw':
      if (leaf.state !== 'frozen') return `thaw of ${action.call}, which is ${leaf.state}`
      leaf.state = 'running'
      return null
    case 'reclaim':
      if (leaf.state !== 'frozen') return `reclaim from ${action.call}, which is ${leaf.state}`
      leaf.reclaim(action.bytes)
      return null
    case 'tell':
      if (action.about === 'limit') guest.toldMs = nowMs
      return null
    case 'kill':
      guest.killedMs = nowMs
      return guest.toldMs === null ? `kill of ${action.call}, which was not told` : null
  }
}

/** Beyond the room; what a call has taken past its limit is not the policy's gift. */
function overGranted(here: readonly Guest[], roomBytes: number): number {
  const inside = here.filter(({ isGone, leaf }) => !isGone && leaf.state !== 'waiting')
  const granted = inside.reduce((total, { leaf }) => total + leaf.highBytes, 0)
  const used = inside.reduce((total, { leaf }) => total + leaf.usedBytes, 0)
  return granted - Math.max(roomBytes, used)
}
