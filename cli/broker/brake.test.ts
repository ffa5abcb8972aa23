import { describe, expect, test } from 'bun:test'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { Brake } from './brake.ts'

const MB = 1 << 20
const LIMIT = 1000 * MB

/** Calls that hold so many MB, beside an agent that holds 100. */
function held(calls: Record<number, number>) {
  const highs = new Map<number, number>()
  const leaves = {
    heldBytes: () => (100 + Object.values(calls).reduce((all, mb) => all + mb, 0)) * MB,
    call: (call: number) => leaf(call),
    calls: () => Object.keys(calls).map((call) => [Number(call), leaf(Number(call))]),
  }
  const leaf = (call: number) => ({
    heldBytes: () => (calls[call] ?? 0) * MB,
    setHigh: (bytes: number) => highs.set(call, Math.round(bytes / MB)),
  })
  const brake = new Brake(leaves as unknown as RunLeaves, LIMIT)
  const looks = (count: number) => Array.from({ length: count }, () => brake.look())
  return { calls, highs, brake, looks }
}

describe('look()', () => {
  test('leaves a call what nobody else holds, less a margin', () => {
    const { highs, brake } = held({ 1: 50 })
    expect(brake.look()).toBeNull()
    expect(highs.get(1)).toBe(1000 - 30 - 100)
  })

  test('takes back what another call has taken meanwhile', () => {
    const { calls, highs, brake } = held({ 1: 50, 2: 10 })
    brake.look()
    calls[2] = 400
    brake.look()
    expect(highs.get(1)).toBe(1000 - 30 - 100 - 400)
  })

  test('ends a call that stands at its end for some looks, and none that only passes it', () => {
    const { calls, looks } = held({ 1: 868 })
    expect(looks(5)).toEqual([null, null, null, null, null])
    calls[1] = 500
    expect(looks(3)).toEqual([null, null, null])
    calls[1] = 868
    expect(looks(6)).toEqual([null, null, null, null, null, 1])
  })

  test('of two that stand there ends the larger', () => {
    const { looks } = held({ 1: 300, 2: 569 })
    expect(looks(6).at(-1)).toBe(2)
  })

  test('never sets a call so low that its first page is punished, however much the agent holds', () => {
    const { highs, brake } = held({ 1: 5, 2: 940 })
    brake.look()
    expect(highs.get(1)).toBe(16)
  })
})
