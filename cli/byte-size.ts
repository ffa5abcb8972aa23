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

const FACTORS: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** `512m`, `2g`, `1.5g`, or plain bytes, in powers of 1024 as Podman's `--memory`; null if it is none of these. */
export function parseByteSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([bkmgt]?)$/i.exec(text)
  if (!match) return null
  return Math.round(Number(match[1]) * (FACTORS[(match[2] || 'b').toLowerCase()] as number))
}
