// A broker at work on leaves that are plain files, in time that passes by the looks that it asks for.

import { Broker } from '../cli/broker/broker.ts'
import type { Leaf } from '../cli/cgroup/leaf.ts'
import type { RunLeaves } from '../cli/cgroup/run-leaves.ts'
import { DEFAULT_SETTINGS, type Settings } from '../cli/policy/settings.ts'
import type { Order } from '../cli/pool/messages.ts'
import type { Seat, Standing } from '../cli/pool/seat.ts'
import type { LimitEvent } from '../cli/record/schema.ts'
import { PlainCgroup } from './plain-cgroup.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const MB = 1 << 20
export const LIMIT = 1000 * MB
/** Of the limit, 5 % are kept back, and the agent holds 100 MB. */
export const ROOM = 850 * MB
export const AGENT = 100 * MB

/** Makes a leaf's writes fail. */
export type Spoil = (leaf: Leaf) => void

/** What the pool says, and what it is told. */
export class FakeSeat {
  order: Order = { number: 1, leaseBytes: 200 * MB, mostBytes: 700 * MB, isHelpComing: true }
  silentMs = 0
  readonly told: Standing[] = []
  #heard = () => {}

  listen(heard: () => void): void {
    this.#heard = heard
  }

  hears(order: Partial<Order>): void {
    this.order = { ...this.order, ...order }
    this.#heard()
  }

  tell(standing: Standing): void {
    this.told.push(standing)
  }
}

/** A run with calls that hold so much; time passes by the looks that the broker asks for. */
export class Trial {
  readonly folder = temporaryFolder()
  readonly whole = new PlainCgroup(this.folder, 'whole')
  readonly calls = new Map<number, PlainCgroup>()
  readonly recorded: LimitEvent[] = []
  readonly said: string[] = []
  readonly ended: number[] = []
  readonly ends: string[] = []
  readonly let: number[] = []
  readonly notes: string[] = []
  /** In how many ms it wants to look again. */
  nextMs = 0
  agentBytes = AGENT
  agentMappedBytes = 0
  nowMs = 0
  readonly broker: Broker

  constructor({
    acts = true,
    settings = {},
    seat = null,
  }: { acts?: boolean; settings?: Partial<Settings>; seat?: FakeSeat | null } = {}) {
    const trial = this
    const leaves = {
      container: this.folder,
      get usedBytes() {
        return trial.usedBytes
      },
      heldBytes: () => this.usedBytes,
      get agentMappedBytes() {
        return trial.agentMappedBytes
      },
    }
    this.broker = new Broker(
      leaves as unknown as RunLeaves,
      LIMIT,
      { ...DEFAULT_SETTINGS, ...settings },
      acts,
      {
        id: 'run',
        timeMs: () => this.nowMs,
        nowMs: () => this.nowMs,
        say: (_, text) => this.said.push(text) > 0,
        record: (event) => this.recorded.push(event),
        ended: (call) => this.ended.push(call),
        end: (why) => this.ends.push(why),
        note: (text) => this.notes.push(text),
        lookWithin: (ms) => {
          this.nextMs = Math.min(this.nextMs, ms)
        },
      },
      seat as unknown as Seat,
    )
  }

  get usedBytes(): number {
    return [...this.calls.values()].reduce(
      (all, call) => all + Number(call.read('memory.current')),
      this.agentBytes,
    )
  }

  /** A leaf that the next call will get. */
  prepares(call: number): PlainCgroup {
    const cgroup = new PlainCgroup(this.folder, `call-${call}`)
    this.broker.prepare(cgroup.leaf)
    return cgroup
  }

  enters(
    call: number,
    hintBytes: number | null = null,
    spoil: Spoil = () => {},
    cgroup = new PlainCgroup(this.folder, `call-${call}`),
  ): PlainCgroup {
    spoil(cgroup.leaf)
    this.calls.set(call, cgroup)
    const arrival = {
      call,
      leaf: cgroup.leaf,
      pid: process.pid,
      guessedKind: 'test' as const,
      hintBytes,
    }
    this.broker.enter(arrival, () => this.let.push(call))
    return cgroup
  }

  passes(ms: number, meanwhile: (nowMs: number) => void = () => {}): void {
    for (const until = this.nowMs + ms; this.nowMs < until; ) {
      this.nowMs = Math.min(this.nowMs + this.nextMs, until)
      meanwhile(this.nowMs)
      this.nextMs = this.broker.look()
    }
  }

  get actions(): string[] {
    return this.recorded.map(({ action, call }) => `${action} ${call}`)
  }
}

/** It has all that it may have, and stands still. */
export const stuck = (trial: Trial, call: PlainCgroup) => (nowMs: number) => {
  call.holds(Number(call.read('memory.high')))
  call.stalled(nowMs * 1000)
  return trial
}
