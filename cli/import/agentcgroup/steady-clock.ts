// Which samples to keep when the clock went backwards: as many as possible of those among which time never does.
// One wrong stamp then costs one sample, whichever way it is wrong.

/** The indices of a longest subsequence that does not fall, in order. */
export function steadyIndices(times: readonly number[]): number[] {
  /** The index at which the best sequence of each length ends. */
  const ends: number[] = []
  const before = new Int32Array(times.length)
  times.forEach((time, at) => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((times[ends[middle] as number] as number) <= time) low = middle + 1
      else high = middle
    }
    before[at] = low > 0 ? (ends[low - 1] as number) : -1
    ends[low] = at
  })
  const kept: number[] = []
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] as number) kept.push(at)
  return kept.reverse()
}

export function isSteady(times: readonly number[]): boolean {
  return times.every((time, at) => at === 0 || time >= (times[at - 1] as number))
}
