import { describe, expect, test } from 'bun:test'
import { observedCall } from '../../test/observations.ts'
import type { CallObservation } from './observation.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { firstTrack, follow, heldMsOf, type Track } from './track.ts'

/** One track over what was seen every 100 ms since it was let in. */
function followed(seen: readonly Partial<CallObservation>[]): Track {
  let track = firstTrack(observedCall({ state: 'waiting' }), 0)
  for (const [at, said] of seen.entries()) {
    track = follow(DEFAULT_SETTINGS, track, observedCall(said), at * 100)
  }
  return track
}

const flat = (usedBytes: number, times: number) => Array.from({ length: times }, () => ({ usedBytes }))

describe('follow()', () => {
  test('settles a call that has not grown for a while, and not one that grows', () => {
    expect(followed(flat(100e6, 4)).isSettled).toBe(false)
    expect(followed(flat(100e6, 7)).isSettled).toBe(true)
    expect(followed(Array.from({ length: 20 }, (_, at) => ({ usedBytes: at * 10e6 }))).isSettled).toBe(false)
  })

  test('settles a call at once that gives most of it back', () => {
    expect(followed([...flat(300e6, 2), { usedBytes: 50e6 }]).isSettled).toBe(true)
  })

  test('lets a settled call use its reserve, and no more', () => {
    expect(followed([...flat(400e6, 8), { usedBytes: 450e6 }]).isSettled).toBe(true)
    expect(followed([...flat(400e6, 8), { usedBytes: 510e6 }]).isSettled).toBe(false)
  })

  test('calls strained what stalls for most of the time, and does not settle it', () => {
    const stalls = Array.from({ length: 10 }, (_, at) => ({ usedBytes: 64e6, stalledUs: at * 90_000 }))
    expect(followed(stalls)).toMatchObject({ isStrained: true, isSettled: false })
  })

  test('calls strained at once what was stopped at its limit: it stalls no more, and must not pass for settled', () => {
    expect(followed([...flat(100e6, 8), { usedBytes: 100e6, isBraked: true }])).toMatchObject({
      isStrained: true,
      isSettled: false,
    })
  })

  test('does not call strained what crosses its limit and works: it reclaims its own cache', () => {
    const works = (cpuUs: number) => (_: unknown, at: number) => {
      return {
        usedBytes: 64e6,
        cacheBytes: 50e6,
        crossings: at * 9,
        stalledUs: at * 20_000,
        cpuUs: at * cpuUs,
      }
    }
    expect(followed(Array.from({ length: 10 }, works(70_000))).isStrained).toBe(false)
    expect(followed(Array.from({ length: 10 }, works(1000))).isStrained).toBe(true)
  })

  test('supposes that a call of which it knows nothing has settled', () => {
    const call = observedCall({ usedBytes: 500e6 })
    expect(follow(DEFAULT_SETTINGS, firstTrack(call, 0), call, 0)).toMatchObject({
      isSettled: true,
      peakBytes: 500e6,
    })
  })

  test('counts how long a call is held, and does not settle it meanwhile', () => {
    const frozen = Array.from({ length: 20 }, () => ({ usedBytes: 64e6, state: 'frozen' as const }))
    const track = followed([...flat(64e6, 2), ...frozen])
    expect(track).toMatchObject({ isSettled: false, heldSinceMs: 200 })
    expect(heldMsOf(track, 2100)).toBe(1900)
    expect(heldMsOf(followed([...flat(64e6, 2), ...frozen, ...flat(64e6, 5)]), 9e9)).toBe(2000)
  })
})
