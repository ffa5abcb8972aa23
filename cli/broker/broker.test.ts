import { describe, expect, test } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { PlainCgroup } from '../../test/plain-cgroup.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Leaf } from '../cgroup/leaf.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { DEFAULT_SETTINGS, type Settings } from '../policy/settings.ts'
import type { Order } from '../pool/messages.ts'
import type { Seat, Standing } from '../pool/seat.ts'
import type { LimitEvent } from '../record/schema.ts'
import { Broker } from './broker.ts'

const MB = 1 << 20
const LIMIT = 1000 * MB
/** Of the limit, 5 % are kept back, and the agent holds 100 MB. */
const ROOM = 850 * MB
const AGENT = 100 * MB
const parent = temporaryFolder()

/** Makes a leaf's writes fail. */
type Spoil = (leaf: Leaf) => void

/** What the pool says, and what it is told. */
class FakeSeat {
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
class Trial {
  readonly folder = mkdtempSync(join(parent, 'run-'))
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
const stuck = (trial: Trial, call: PlainCgroup) => (nowMs: number) => {
  call.holds(Number(call.read('memory.high')))
  call.stalled(nowMs * 1000)
  return trial
}

describe('Broker', () => {
  test('leaves the agent what it has mapped of files: squeezed out of its own text, it would stand still', () => {
    const trial = new Trial()
    trial.agentMappedBytes = 100 * MB
    expect(Number(trial.enters(1).read('memory.high'))).toBe(ROOM - 100 * MB)
  })

  test('gives a call that is alone all that the agent leaves of the limit, before it asks', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    expect(trial.let).toEqual([1])
    expect(Number(call.read('memory.high'))).toBe(ROOM)
    expect(call.read('cgroup.freeze')).toBe('0')
  })

  describe('prepares a leaf with what a lone call gets, which need not be held then for the policy’s step', () => {
    /** Whether it ran when its leaf was read. */
    function wentFirst(trial: Trial, call: number, cgroup: PlainCgroup): boolean {
      const wentThen: boolean[] = []
      const readings = cgroup.leaf.readings.bind(cgroup.leaf)
      cgroup.leaf.readings = () => {
        wentThen.push(trial.let.includes(call))
        return readings()
      }
      trial.enters(call, null, () => {}, cgroup)
      return wentThen[0] === true
    }

    test('and lets the call go first', () => {
      const trial = new Trial()
      const cgroup = trial.prepares(1)
      expect(Number(cgroup.read('memory.high'))).toBe(ROOM)
      expect(wentFirst(trial, 1, cgroup)).toBe(true)
    })

    test('but not where another call came meanwhile', () => {
      const trial = new Trial()
      const cgroup = trial.prepares(2)
      trial.enters(1)
      expect(wentFirst(trial, 2, cgroup)).toBe(false)
    })

    test('nor where one was there and has ended: the agent may have grown by then', () => {
      const trial = new Trial()
      const cgroup = trial.prepares(2)
      trial.enters(1).remove()
      trial.calls.delete(1)
      trial.broker.left(1)
      expect(wentFirst(trial, 2, cgroup)).toBe(false)
    })

    test('and none while a call is there, where there is little, in a pool, or where it only observes', () => {
      const busy = new Trial()
      busy.enters(1)
      const short = new Trial()
      short.agentBytes = 850 * MB
      for (const trial of [busy, short, new Trial({ seat: new FakeSeat() }), new Trial({ acts: false })])
        expect(trial.prepares(2).read('memory.high')).toBe('max')
    })
  })

  test('looks every 10 ms from a call’s beginning until it has stopped growing, and less often then', () => {
    const trial = new Trial()
    trial.passes(100)
    const call = trial.enters(1)
    expect(trial.nextMs).toBe(10)
    trial.passes(400, (nowMs) => call.holds(nowMs * MB))
    expect(trial.nextMs).toBe(10)
    trial.passes(1000)
    expect(trial.nextMs).toBe(20)
    call.holds(700 * MB)
    trial.passes(20)
    expect(trial.nextMs).toBe(10)
  })

  test('has who does not fit beside the others wait frozen, after its exec, with next to nothing', () => {
    const trial = new Trial()
    const large = trial.enters(1)
    trial.passes(100, (nowMs) => large.holds(nowMs * 8 * MB))
    const late = trial.enters(2, 500 * MB)
    expect(trial.let).toEqual([1, 2])
    expect(late.read('cgroup.freeze')).toBe('1')
    expect(Number(late.read('memory.high'))).toBeLessThanOrEqual(16 * MB)

    large.remove()
    trial.calls.delete(1)
    trial.broker.left(1)
    trial.passes(20)
    expect(late.read('cgroup.freeze')).toBe('0')
    expect(Number(late.read('memory.high'))).toBe(ROOM)
    expect(trial.actions).toEqual(['admitted 2'])
  })

  test('tells and then ends what gets no further for want of memory, within its time and a second', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    const move = stuck(trial, call)
    trial.passes(DEFAULT_SETTINGS.stallMs - 200, move)
    expect(call.read('cgroup.kill')).toBe('')
    trial.passes(1200, move)
    expect(call.read('cgroup.kill')).toBe('1')
    expect(trial.said).toHaveLength(1)
    expect(trial.said[0]).toContain('acg: this command is about to be ended')
    expect(trial.said[0]).toContain('1.0 GB')
    expect(trial.ended).toEqual([1])
    expect(trial.recorded).toMatchObject([
      { action: 'killed', call: 1, by: 'acg', done: true, told: true, limit_bytes: LIMIT, room_bytes: ROOM },
    ])
  })

  test('stops who creeps past its limit into what is kept back, until there is room again', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    trial.passes(20, () => call.holds(ROOM + 20 * MB))
    expect(call.read('cgroup.freeze')).toBe('0')
    trial.passes(20, () => call.holds(ROOM + 30 * MB))
    expect(call.read('cgroup.freeze')).toBe('1')
    trial.agentBytes -= 50 * MB
    trial.passes(20)
    expect(call.read('cgroup.freeze')).toBe('0')
    expect(trial.actions).toEqual([])
  })

  test('ends it at once where the agent takes what was kept back: the kernel would, and tell nobody', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    const move = stuck(trial, call)
    trial.passes(1000, move)
    trial.agentBytes += 45 * MB
    trial.passes(20, move)
    expect(trial.said).toHaveLength(1)
    trial.passes(DEFAULT_SETTINGS.graceMs, move)
    expect(trial.actions).toEqual(['killed 1'])
  })

  test('ends the run if what was killed is still there after as long again', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    trial.passes(2 * DEFAULT_SETTINGS.stallMs + 2000, stuck(trial, call))
    expect(trial.ends).toHaveLength(1)
    expect(trial.actions).toEqual(['killed 1', 'run_ended 1'])
  })

  test('stops it instead, where that was asked for', () => {
    const trial = new Trial({ settings: { onLimit: 'freeze' } })
    const call = trial.enters(1)
    trial.passes(DEFAULT_SETTINGS.stallMs + 1000, stuck(trial, call))
    expect(call.read('cgroup.kill')).toBe('')
    expect(call.read('cgroup.freeze')).toBe('1')
    expect(trial.said[0]).toContain('stands still')
  })

  test('only records what it would do, and touches nothing, where it does not act', () => {
    const trial = new Trial({ acts: false })
    const call = trial.enters(1)
    trial.passes(DEFAULT_SETTINGS.stallMs + 1000, (nowMs) => {
      call.holds(ROOM)
      call.stalled(nowMs * 1000)
    })
    expect(call.read('memory.high')).toBe('max')
    expect(call.read('cgroup.kill')).toBe('')
    expect(trial.said).toEqual([])
    expect(trial.recorded).toMatchObject([{ action: 'killed', call: 1, done: false, told: false }])
  })

  test('takes a leaf that has gone for a call that has ended', () => {
    const trial = new Trial()
    trial.enters(1).remove()
    trial.calls.delete(1)
    expect(() => trial.passes(100)).not.toThrow()
  })

  describe('throws where its write fails, so that the run ends: what was to be contained must not go on', () => {
    const scenes = {
      setHigh: (trial: Trial, spoil: Spoil) => trial.enters(1, null, spoil),
      freeze: (trial: Trial, spoil: Spoil) => {
        const large = trial.enters(1)
        trial.passes(100, (nowMs) => large.holds(nowMs * 8 * MB))
        trial.enters(2, 500 * MB, spoil)
      },
      kill: (trial: Trial, spoil: Spoil) => {
        const call = trial.enters(1, null, spoil)
        trial.passes(DEFAULT_SETTINGS.stallMs + 1000, stuck(trial, call))
      },
    } as const
    for (const [write, scene] of Object.entries(scenes))
      test.each(['EBUSY', 'ENOENT', 'EAGAIN', 'ENOSPC', 'EPERM'])(`${write}(): %s`, (code) => {
        const trial = new Trial()
        const spoil: Spoil = (leaf) => {
          leaf[write as keyof typeof scenes] = () => {
            throw Object.assign(new Error(code), { code })
          }
        }
        expect(() => scene(trial, spoil)).toThrow(code)
        expect(trial.recorded.filter(({ action }) => action === 'killed')).toEqual([])
      })
  })
})

describe('Broker in a pool', () => {
  test('keeps its calls to the lease, and says so once it does', () => {
    const seat = new FakeSeat()
    const trial = new Trial({ seat })
    const call = trial.enters(1)
    expect(Number(call.read('memory.high'))).toBe(200 * MB)
    expect(seat.told.at(-1)).toMatchObject({ carriedOut: { number: 1 }, agentBytes: AGENT })
    seat.hears({ number: 2, leaseBytes: 400 * MB })
    trial.passes(10)
    expect(Number(call.read('memory.high'))).toBe(400 * MB)
    expect(seat.told.at(-1)).toMatchObject({ carriedOut: { number: 2 }, need: { isGrowing: true } })
  })

  test('hears of every order, however little it changes: a leader that is not heard lends nothing on', () => {
    const seat = new FakeSeat()
    const trial = new Trial({ seat })
    const given = (number: number) => {
      seat.hears({ number, leaseBytes: seat.order.leaseBytes - 1 })
      trial.passes(300)
      return seat.told.at(-1)?.carriedOut
    }
    expect(given(2)).toMatchObject({ number: 2 })
    trial.enters(1)
    expect(given(3)).toMatchObject({ number: 3 })
    seat.hears({ number: 4 })
    trial.broker.rest()
    seat.hears({ number: 5 })
    trial.broker.rest()
    expect(seat.told.at(-1)?.carriedOut).toMatchObject({ number: 5 })
  })

  test('looks at once when an order comes, also while all of it stands: others wait for what it is to let go', () => {
    const seat = new FakeSeat()
    const trial = new Trial({ seat })
    trial.passes(100)
    expect(trial.nextMs).toBeGreaterThan(10)
    seat.hears({ number: 2, leaseBytes: 100 * MB })
    expect(trial.nextMs).toBe(0)
  })

  test('ends nobody while other runs get on, and says that it is short', () => {
    const seat = new FakeSeat()
    const trial = new Trial({ seat })
    trial.passes(20_000, stuck(trial, trial.enters(1)))
    expect(trial.actions).not.toContain('killed 1')
    expect(seat.told.at(-1)?.need.isShort).toBe(true)
  })

  test('waits for no help from a leader that is silent, and notes it', () => {
    const seat = new FakeSeat()
    const trial = new Trial({ seat })
    seat.silentMs = DEFAULT_SETTINGS.stallMs
    trial.passes(20_000, stuck(trial, trial.enters(1)))
    expect(trial.actions).toContain('killed 1')
    expect(trial.notes).toEqual(['the pool’s leader has not answered for 10.0s'])
    expect(trial.said.join()).toContain('are held for the user’s other runs')
  })

  test('lets others have what a paused run would have grown by', () => {
    const seat = new FakeSeat()
    const trial = new Trial({ seat })
    trial.enters(1)
    trial.broker.rest()
    expect(seat.told.at(-1)?.need).toMatchObject({ isGrowing: false, isShort: false })
  })

  test('takes no more than its own limit leaves, whatever the pool lends', () => {
    const seat = new FakeSeat()
    seat.hears({ leaseBytes: 5000 * MB, mostBytes: 6000 * MB })
    expect(Number(new Trial({ seat }).enters(1).read('memory.high'))).toBe(ROOM)
  })
})
