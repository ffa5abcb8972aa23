// That the simulator can fail: policies that break the rules are caught at it.

import { describe, expect, test } from 'bun:test'
import type { Action } from '../action.ts'
import { step } from '../step.ts'
import { burst, type SimulatedCall } from './demand.ts'
import { type Policy, replay } from './replay.ts'

const ROOM = 1e9
const BURST = { baseBytes: 20e6, beforeMs: 300, peakBytes: 800e6, riseMs: 400, lastsMs: 500, afterMs: 300 }
const twice: SimulatedCall[] = ['a', 'b'].map((id) => {
  return { id, priority: 'normal', kind: 'other', arrivesMs: 0, demand: burst(BURST) }
})
const alone = twice.slice(0, 1)

/** The policy, with its actions changed. */
const but =
  (change: (action: Action) => Action[]): Policy =>
  (...given) => {
    const { state, actions } = step(...given)
    return { state, actions: actions.flatMap(change) }
  }
const without = (unwanted: Action['action']) => but((each) => (each.action === unwanted ? [] : [each]))

describe('replay()', () => {
  test('finds nothing wrong with the policy itself', () => {
    const { outcomes, faults, isStuck, overGrantedBytes } = replay({ calls: twice, roomBytes: ROOM })
    expect({ faults, isStuck, overGrantedBytes }).toEqual({ faults: [], isStuck: false, overGrantedBytes: 0 })
    expect(outcomes.map(({ killedMs }) => killedMs)).toEqual([null, null])
  })

  test('catches a policy that grants everybody everything', () => {
    const generous = but((each) =>
      each.action === 'admit' || each.action === 'grant' ? [{ ...each, grantedBytes: ROOM }] : [each],
    )
    expect(replay({ calls: twice, roomBytes: ROOM, policy: generous }).overGrantedBytes).toBe(ROOM)
  })

  test('catches a policy that never thaws', () => {
    expect(replay({ calls: twice, roomBytes: ROOM, policy: without('thaw'), untilMs: 60_000 })).toMatchObject(
      {
        isStuck: true,
      },
    )
  })

  test('catches a policy that lets nobody in', () => {
    expect(replay({ calls: alone, roomBytes: ROOM, policy: without('admit'), untilMs: 5000 }).isStuck).toBe(
      true,
    )
  })

  test('catches a policy that kills without a word', () => {
    const { faults } = replay({ calls: alone, roomBytes: ROOM / 2, policy: without('tell') })
    expect(faults.join()).toContain('which was not told')
  })

  test('catches a policy that never kills: what does not fit stands over its limit', () => {
    const { outcomes } = replay({
      calls: alone,
      roomBytes: ROOM / 2,
      policy: without('kill'),
      untilMs: 15_000,
    })
    expect(outcomes[0]?.longestOverMs).toBeGreaterThan(13_000)
  })

  test('catches a policy that takes back what is held', () => {
    const greedy = but((each) => (each.action === 'grant' ? [{ ...each, grantedBytes: 4096 }] : [each]))
    expect(replay({ calls: twice, roomBytes: ROOM, policy: greedy, untilMs: 5000 }).faults.join()).toContain(
      'below what it holds',
    )
  })

  test('shows what a policy without turns costs: both are half-grown, and one is lost', () => {
    const halves: Policy = (settings, state, observation) => {
      const { nowMs, calls } = observation
      const actions = calls.flatMap(({ id, state }): Action[] =>
        state === 'waiting' && nowMs === 0 ? [{ action: 'admit', call: id, grantedBytes: ROOM / 2 }] : [],
      )
      return { state: step(settings, state, observation).state, actions }
    }
    expect(replay({ calls: twice, roomBytes: ROOM, policy: halves, untilMs: 30_000 }).isStuck).toBe(true)
  })
})
