// Loads for the simulator, drawn at random: by the property tests, and by `bun run bench policy`.

import fc from 'fast-check'
import { KINDS } from '../../record/vocabulary.ts'
import { burst, type SimulatedCall } from './demand.ts'

export interface Load {
  readonly roomBytes: number
  readonly calls: readonly SimulatedCall[]
}

export interface LoadShape {
  readonly calls: { readonly min: number; readonly max: number }
  /** As shares of the room. */
  readonly peak: { readonly min: number; readonly max: number }
  readonly base: { readonly min: number; readonly max: number }
  readonly arrivesWithinMs: number
  readonly longestMs: number
}

/** No two bursts fit together; each fits beside what the other calls hold outside of theirs. */
export const IN_TURN: LoadShape = {
  calls: { min: 2, max: 8 },
  peak: { min: 0.51, max: 0.85 },
  base: { min: 0.002, max: 0.015 },
  arrivesWithinMs: 3000,
  longestMs: 2000,
}

/** Two or three of the bursts fit together. */
export const PARTLY_TOGETHER: LoadShape = { ...IN_TURN, peak: { min: 0.2, max: 0.6 } }

/** All of them do. */
export const TOGETHER: LoadShape = { ...IN_TURN, peak: { min: 0.02, max: 0.12 } }

/** Each call fits alone; what the calls hold outside of their bursts may be much. */
export const ALONE: LoadShape = { ...IN_TURN, peak: { min: 0.1, max: 1 }, base: { min: 0.002, max: 0.1 } }

/** Some fit not even alone. */
export const ANYTHING: LoadShape = { ...ALONE, peak: { min: 0.01, max: 1.6 } }

const BYTES_PER_MS = { min: 0.1e6, max: 3e6 }

export function loads(shape: LoadShape): fc.Arbitrary<Load> {
  const ms = (max: number) => fc.integer({ min: 0, max })
  const share = (range: { min: number; max: number }) => fc.double({ ...range, noNaN: true })
  const call = fc.record({
    priority: fc.constantFrom('high' as const, 'normal' as const, 'low' as const),
    kind: fc.constantFrom(...KINDS),
    arrivesMs: ms(shape.arrivesWithinMs),
    peak: share(shape.peak),
    base: share(shape.base),
    bytesPerMs: share(BYTES_PER_MS),
    beforeMs: ms(shape.longestMs),
    lastsMs: ms(shape.longestMs),
    afterMs: ms(shape.longestMs),
  })
  const calls = fc.array(call, { minLength: shape.calls.min, maxLength: shape.calls.max })
  const roomBytes = fc.constantFrom(1e9, 2e9, 4e9, 16e9)
  return fc.record({ roomBytes, drawn: calls }).map(({ roomBytes, drawn }) => ({
    roomBytes,
    calls: drawn.map(({ peak, base, bytesPerMs, beforeMs, lastsMs, afterMs, ...rest }, at) => {
      const peakBytes = Math.round(peak * roomBytes)
      const baseBytes = Math.round(Math.min(base, peak) * roomBytes)
      const riseMs = Math.round(Math.min((peakBytes - baseBytes) / bytesPerMs, 4000))
      return {
        id: `call-${at + 1}`,
        ...rest,
        demand: burst({ baseBytes, beforeMs, peakBytes, riseMs, lastsMs, afterMs }),
      }
    }),
  }))
}
