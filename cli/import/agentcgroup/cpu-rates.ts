// CPU as a rate from a column that holds the average since the container's start: the average times the container's
// age is the CPU time used so far, and its growth over an interval is what was used in it. The printed average has
// two decimals, so that the product can fall back a little; the running maximum absorbs that.

import type { CpuRates } from '../../analysis/run.ts'

/** The container's age at the first sample, which nobody recorded. */
const AGE_AT_FIRST_SAMPLE = 0.25

/** CPU seconds used so far at each sample, unsmoothed. */
export function cpuSeconds(epoch: Float64Array, averageCpu: Float64Array): Float64Array {
  const begin = epoch[0] as number
  return averageCpu.map(
    (percent, at) => (percent / 100) * ((epoch[at] as number) - begin + AGE_AT_FIRST_SAMPLE),
  )
}

/** A sample with no CPU at all is one of a container that is gone. */
export function cpuRates(epoch: Float64Array, averageCpu: Float64Array, mb: Float64Array): CpuRates {
  const used = cpuSeconds(epoch, averageCpu)
  const rates = { epoch: [] as number[], value: [] as number[], mb: [] as number[] }
  let reached = Number.NEGATIVE_INFINITY
  let before = -1
  for (let at = 0; at < used.length; at++) {
    if (averageCpu[at] === 0) continue
    const now = Math.max(reached, used[at] as number)
    const seconds = (epoch[at] as number) - (epoch[before] ?? 0)
    if (before >= 0 && seconds > 0) {
      rates.epoch.push(epoch[at] as number)
      rates.value.push((100 * (now - reached)) / seconds)
      rates.mb.push(mb[at] as number)
    }
    reached = now
    before = at
  }
  return {
    epoch: new Float64Array(rates.epoch),
    value: new Float64Array(rates.value),
    mb: new Float64Array(rates.mb),
  }
}
