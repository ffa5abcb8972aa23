import { describe, expect, test } from 'bun:test'
import { observed, observedCall } from '../../test/observations.ts'
import type { Action } from './action.ts'
import type { CallObservation, Observation } from './observation.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import { FIRST_STATE, grantedAfter, step } from './step.ts'

const ROOM = 1e9
const waiting = (id: string, said: Partial<CallObservation> = {}) =>
  observedCall({ id, state: 'waiting', grantedBytes: 0, ...said })

/** What is done at each of the observations, of which each is 100 ms after the one before. */
function steps(
  seen: readonly (readonly CallObservation[])[],
  said: Partial<Observation> = {},
  settings: Partial<Settings> = {},
): (readonly Action[])[] {
  let state = FIRST_STATE
  return seen.map((calls, at) => {
    const observation = observed(calls, { nowMs: at * 100, ...said })
    const taken = step({ ...DEFAULT_SETTINGS, ...settings }, state, observation)
    state = taken.state
    return taken.actions
  })
}

const last = (...given: Parameters<typeof steps>) => steps(...given).at(-1) ?? []

/** What is done but grants, each thing once, with the second in which it began. */
function story(...given: Parameters<typeof steps>): string[] {
  const told = new Map<string, number>()
  for (const [at, actions] of steps(...given).entries()) {
    for (const each of done(actions)) if (!told.has(each)) told.set(each, at / 10)
  }
  return [...told].map(([each, second]) => `${second.toFixed(1)} ${each}`)
}

const granted = (actions: readonly Action[], id: string) =>
  actions.flatMap((each) =>
    (each.action === 'grant' || each.action === 'admit') && each.call === id ? [each.grantedBytes] : [],
  )[0]
const done = (actions: readonly Action[]) =>
  actions
    .filter(({ action }) => action !== 'grant')
    .map((each) => `${each.action} ${'call' in each ? each.call : ''}`)
const repeat = <Value>(times: number, value: Value) => Array.from({ length: times }, () => value)

describe('step() deals out', () => {
  test('all of the room to a lone call before it asks', () => {
    expect(granted(last([[waiting('a')]]), 'a')).toBeGreaterThan(0.999 * ROOM)
  })

  test('more to the more important of two settled calls, and no more than there is', () => {
    const calls = [observedCall({ id: 'a', priority: 'high' }), observedCall({ id: 'b', priority: 'low' })]
    const actions = last(repeat(8, calls))
    expect(granted(actions, 'a')).toBeGreaterThan(2 * (granted(actions, 'b') ?? Number.NaN))
    expect(grantedAfter(observed(calls), actions)).toBeLessThanOrEqual(ROOM)
  })

  test('nothing more once more is held than there is: a limit that follows its call brakes nothing', () => {
    const calls = [observedCall({ id: 'a', usedBytes: 1.01e9, grantedBytes: 1e9 })]
    expect(granted(last([calls]), 'a')).toBeUndefined()
  })

  test('what a call holds as cache to others, since the kernel can drop it', () => {
    const cached = observedCall({ id: 'a', usedBytes: 990e6, cacheBytes: 980e6, grantedBytes: 1e9 })
    expect(done(last([...repeat(7, [cached]), [cached, waiting('b')]]))).toEqual(['admit b'])
  })
})

describe('step() lets in', () => {
  test('nothing whose budget is not free while somebody else gets on', () => {
    const large = observedCall({ id: 'a', usedBytes: 950e6, grantedBytes: 1e9 })
    expect(done(last([...repeat(7, [large]), [large, waiting('b')]]))).toEqual([])
    expect(done(last([...repeat(7, [large]), [waiting('b')]]))).toEqual(['admit b'])
  })

  test('what asks for much only when so much is free', () => {
    const held = observedCall({ id: 'a', usedBytes: 300e6, grantedBytes: 1e9 })
    const asking = waiting('b', { hintBytes: 800e6 })
    expect(done(last([...repeat(7, [held]), [held, asking]]))).toEqual([])
    expect(done(last([...repeat(7, [held]), [held, { ...asking, hintBytes: 400e6 }]]))).toEqual(['admit b'])
  })

  test('nobody before what has waited for long and comes first', () => {
    const held = observedCall({ id: 'a', usedBytes: 300e6, grantedBytes: 1e9 })
    const first = waiting('b', { hintBytes: 800e6 })
    const later = waiting('c', { sinceMs: 10 })
    expect(done(last(repeat(40, [held, first, later])))).toContain('admit c')
    expect(done(last(repeat(60, [held, first, later])))).toEqual([])
  })

  test('at least the first, whatever it asks for, if there is nobody to wait for', () => {
    const server = observedCall({ id: 'a', usedBytes: 500e6, grantedBytes: 1e9, isBackground: true })
    expect(done(last([...repeat(7, [server]), [server, waiting('b', { hintBytes: 9e9 })]]))).toEqual([
      'admit b',
    ])
  })

  test('the first even where there is no room: nobody helps who is not there, and who is held for ever is told nothing', () => {
    const actions = last([[waiting('a', { usedBytes: 1e6 })]], { roomBytes: 0 })
    expect(actions).toMatchObject([{ action: 'admit', call: 'a' }])
  })
})

describe('step() holds', () => {
  const growing = (at: number, id: string, said: Partial<CallObservation> = {}) =>
    observedCall({ id, usedBytes: at * 30e6, grantedBytes: 900e6, ...said })

  test('the less important of two calls that grow beyond the side room, and not the other', () => {
    const seen = Array.from({ length: 6 }, (_, at) => [
      growing(at, 'a', { priority: 'low' }),
      growing(at, 'b', { priority: 'high' }),
    ])
    expect(done(last(seen))).toEqual(['freeze a'])
  })

  test('nobody while both fit into the side room', () => {
    const seen = Array.from({ length: 6 }, (_, at) => [growing(at, 'a'), growing(at, 'b')])
    expect(done(last(seen, { roomBytes: 16e9 }))).toEqual([])
  })

  test('nothing any longer once the lead has given back what it held', () => {
    const frozen = observedCall({ id: 'b', state: 'frozen', usedBytes: 100e6, grantedBytes: 100e6 })
    const lead = (usedBytes: number) => observedCall({ id: 'a', usedBytes, grantedBytes: 900e6 })
    const rises = Array.from({ length: 30 }, (_, at) => [lead(at * 25e6), frozen])
    expect(done(last(rises))).toEqual([])
    expect(done(last([...rises, [lead(20e6), frozen]]))).toEqual(['tell b', 'thaw b'])
  })
})

describe('step() climbs the ladder', () => {
  const stalls = (from: number, to: number, said: Partial<CallObservation> = {}) =>
    Array.from({ length: to - from }, (_, at) =>
      observedCall({ id: 'a', usedBytes: 1e9, grantedBytes: 1e9, stalledUs: (from + at) * 100_000, ...said }),
    )

  test('tells a call that does not fit at the end of its time, and kills it after the grace', () => {
    const seen = stalls(0, 110).map((call) => [call])
    expect(story(seen)).toEqual(['10.0 tell a', '10.3 kill a'])
    expect(10_300).toBeLessThanOrEqual(DEFAULT_SETTINGS.stallMs + 1000)
  })

  test('does not wait where what is outside of the calls takes what was kept back', () => {
    const grows = stalls(0, 20, { usedBytes: ROOM, grantedBytes: ROOM, isBraked: true }).map((call) => [call])
    expect(story(grows, { roomBytes: ROOM - 30e6, cushionBytes: 50e6 })).toEqual([])
    expect(story(grows, { roomBytes: ROOM - 40e6, cushionBytes: 50e6 })).toEqual(['0.0 tell a', '0.3 kill a'])
  })

  test('says with numbers why', () => {
    const actions = steps(stalls(0, 110).map((call) => [call])).flat()
    const why = { peakBytes: 1e9, roomBytes: ROOM, budgetBytes: 64e6, othersBytes: 0, heldMs: 0 }
    expect(actions.filter(({ action }) => action === 'kill')).toMatchObject([{ why }])
    expect(actions.filter(({ action }) => action === 'tell')).toMatchObject([{ about: 'limit', why }])
  })

  test('kills the less important of two that stand in each other’s way, and never both', () => {
    const frozen = observedCall({
      id: 'b',
      priority: 'low',
      state: 'frozen',
      usedBytes: 300e6,
      grantedBytes: 300e6,
    })
    const seen = stalls(0, 110, { usedBytes: 700e6, grantedBytes: 700e6 }).map((call) => [call, frozen])
    expect(story(seen)).toEqual(['10.0 tell b', '10.3 kill b'])
  })

  test('kills nobody while another call gets on that will give room', () => {
    const other = observedCall({ id: 'b', usedBytes: 400e6, grantedBytes: 400e6 })
    const seen = stalls(0, 300, { usedBytes: 600e6, grantedBytes: 600e6 }).map((call) => [call, other])
    expect(story(seen)).toEqual(['0.2 freeze a'])
  })

  test('freezes and tells instead where the user wants no kill', () => {
    const seen = stalls(0, 300).map((call) => [call])
    expect(story(seen, {}, { onLimit: 'freeze' })).toEqual(['10.0 tell a', '10.0 freeze a'])
  })

  test('ends the run of what was killed and is still there, once', () => {
    const seen = stalls(0, 300).map((call) => [call])
    expect(story(seen)).toEqual(['10.0 tell a', '10.3 kill a', '20.3 endRun a'])
    expect(
      steps(seen)
        .flat()
        .filter(({ action }) => action === 'endRun'),
    ).toMatchObject([{ run: 'run-a' }])
  })
})
