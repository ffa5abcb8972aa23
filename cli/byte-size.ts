// Byte counts as people read them, in decimal units.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `980 B`, `45 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 9.95 && unit >= 2 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}
