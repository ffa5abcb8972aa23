import { describe, expect, test } from 'bun:test'
import { FakeSeat, MB, ROOM, Trial } from '../../test/broker-trial.ts'
import type { PlainCgroup } from '../../test/plain-cgroup.ts'

describe('Broker prepares a leaf with what a lone call gets, which need not be held then for the policy’s step', () => {
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
