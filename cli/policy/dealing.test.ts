import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { observed, observedCall } from '../../test/observations.ts'
import { dealOut } from './dealing.ts'
import type { CallObservation } from './observation.ts'
import { openPool } from './pool.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import { takeTurns } from './turns.ts'

function dealt(calls: readonly CallObservation[], roomBytes = 1e9) {
  const pool = openPool(DEFAULT_SETTINGS, new Map(), observed(calls, { roomBytes }))
  return dealOut(pool, takeTurns(pool, null))
}

describe('dealOut()', () => {
  const call = fc.record({
    state: fc.constantFrom('waiting' as const, 'running' as const, 'frozen' as const),
    priority: fc.constantFrom('high' as const, 'normal' as const, 'low' as const),
    pages: fc.nat({ max: 200_000 }),
    sinceMs: fc.nat(),
  })

  test('deals out no more than the room, and takes back nothing that is held, whatever is seen', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), (seen) => {
        const calls = seen.map(({ pages, state, ...rest }, at) => {
          const usedBytes = state === 'waiting' ? 0 : pages * 4096
          return observedCall({ id: `${at}`, ...rest, state, usedBytes, grantedBytes: usedBytes })
        })
        const held = calls.reduce((sum, { usedBytes }) => sum + usedBytes, 0)
        const grants = dealt(calls)
        const granted = [...grants.values()].reduce((sum, each) => sum + each, 0)
        expect(granted).toBeLessThanOrEqual(Math.max(1e9, held))
        for (const { id, usedBytes } of calls) {
          if (grants.has(id)) expect(grants.get(id)).toBeGreaterThanOrEqual(usedBytes)
        }
      }),
    )
  })

  test('gives a settled call its budget and its reserve', () => {
    const calls = [observedCall({ id: 'a', usedBytes: 400e6 }), observedCall({ id: 'b', usedBytes: 4096 })]
    const grants = dealt(calls, 600e6)
    expect(grants.get('a')).toBeGreaterThanOrEqual(500e6)
    expect(grants.get('b')).toBeGreaterThanOrEqual(63e6)
  })

  test('gives a frozen call what it holds', () => {
    const running = observedCall({ id: 'a', usedBytes: 900e6, grantedBytes: 900e6 })
    const frozen = observedCall({ id: 'b', usedBytes: 80e6, grantedBytes: 90e6, state: 'frozen' })
    expect(dealt([running, frozen]).get('b')).toBe(80e6)
  })
})
