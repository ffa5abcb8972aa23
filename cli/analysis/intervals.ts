// Closed intervals of time on one axis.

export interface Interval {
  readonly start: number
  readonly end: number
}

/** The same moments as disjoint intervals in order. One that ends before it starts covers nothing. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of [...intervals].sort((one, other) => one.start - other.start)) {
    if (end < start) continue
    const last = merged.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}

export function unionSeconds(intervals: readonly Interval[]): number {
  return union(intervals).reduce((sum, { start, end }) => sum + (end - start), 0)
}

/** Whether one of the disjoint intervals, in order, touches [from, to]. */
export function touches(merged: readonly Interval[], from: number, to: number): boolean {
  let low = 0
  let high = merged.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((merged[middle] as Interval).end < from) low = middle + 1
    else high = middle
  }
  const next = merged[low]
  return next !== undefined && next.start <= to
}
