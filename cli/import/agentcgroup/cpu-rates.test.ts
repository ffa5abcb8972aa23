import { expect, test } from 'bun:test'
import { cpuRates } from './cpu-rates.ts'

const NO_MEMORY = new Float64Array(8)

/** The average since a start 0.25 s before the first sample, of CPU time used so far. */
function averages(used: readonly number[], step: number): { epoch: Float64Array; averageCpu: Float64Array } {
  const epoch = Float64Array.from(used, (_, at) => 1000 + at * step)
  return { epoch, averageCpu: Float64Array.from(used, (seconds, at) => (100 * seconds) / (at * step + 0.25)) }
}

test('cpuRates() finds the rate again when only averages are known', () => {
  const { epoch, averageCpu } = averages([0.2, 0.2, 2.2, 2.3], 1)
  const { value, epoch: times } = cpuRates(epoch, averageCpu, NO_MEMORY)
  expect([...times]).toEqual([1001, 1002, 1003])
  expect([...value].map((rate) => Math.round(rate))).toEqual([0, 200, 10])
})

test('cpuRates() is never negative when rounding makes CPU time fall back', () => {
  const { value } = cpuRates(...columns([100, 50, 30], [1000, 1001, 1002]), NO_MEMORY)
  for (const rate of value) expect(rate).toBeGreaterThanOrEqual(0)
})

test('cpuRates() skips samples when the container was gone, or no time has passed', () => {
  const { value } = cpuRates(...columns([50, 0, 0], [1000, 1001, 1002]), NO_MEMORY)
  expect(value.length).toBe(0)
  expect(cpuRates(...columns([50, 60], [1000, 1000]), NO_MEMORY).value.length).toBe(0)
})

function columns(cpu: readonly number[], epoch: readonly number[]): [Float64Array, Float64Array] {
  return [Float64Array.from(epoch), Float64Array.from(cpu)]
}
