// Numbers on axes and beside bars.

/** Three digits at most, two after the point, and separators where there are many before it. */
export function brief(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Number(Math.abs(value) < 1 ? value.toFixed(2) : value.toPrecision(3)))
}

/** Of an axis: as short as it can be told from its neighbours. */
export function tickText(value: number): string {
  if (Math.abs(value) >= 10_000) return `${Number((value / 1000).toPrecision(3))}k`
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 })
}

/** Beside a bar: as `brief`, and with the digits that are zero, so that neighbours compare. */
export function threeDigits(value: number): string {
  const size = Math.abs(value)
  return size === 0 || size >= 100 ? brief(value) : value.toFixed(size < 10 ? 2 : 1)
}
