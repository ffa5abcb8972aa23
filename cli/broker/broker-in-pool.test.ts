import { describe, expect, test } from 'bun:test'
import { AGENT, FakeSeat, MB, ROOM, stuck, Trial } from '../../test/broker-trial.ts'
import { DEFAULT_SETTINGS } from '../policy/settings.ts'

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
