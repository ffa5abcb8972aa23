// How the numbers of one column are written: all with the same digits after the point, so that they can be compared
// down the page.

const DIGITS = 4
const MOST_DECIMALS = 3

/** Four digits of the largest number, and at least one of the smallest, if three after the point are enough. */
export function columnFormat(values: readonly number[]): (value: number) => string {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size))
  const decimals = values.every(Number.isInteger) ? 0 : decimalsOf(sizes)
  const { format } = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return format
}

function decimalsOf(sizes: readonly number[]): number {
  const largest = sizes.reduce((one, other) => Math.max(one, other), 0) || 1
  const smallest = sizes.reduce((one, other) => Math.min(one, other), largest)
  const decimals = Math.max(DIGITS - 1 - exponent(largest), -exponent(smallest))
  return Math.min(MOST_DECIMALS, Math.max(1, decimals))
}

function exponent(size: number): number {
  return Math.floor(Math.log10(size))
}
