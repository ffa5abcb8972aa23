// The three ways in which the study's scripts read podman's memory column. Two of them are wrong in ways that its
// published numbers carry; `paper` needs them, `corrected` uses the decimal one alone.

/** What podman prints for a container that is gone. */
export const GONE = '0B / 0B'

const BINARY_MB: Readonly<Record<string, number>> = { KB: 1 / 1024, MB: 1, GB: 1024, TB: 1_048_576 }

/** Binary steps between decimal units, and 0 for bytes and kilobytes. */
export function regexMb(used: string): number {
  const match = /([\d.]+)\s*(KB|MB|GB|TB)/.exec(used)
  return match ? finite(Number(match[1]) * (BINARY_MB[match[2] as string] as number)) : 0
}

/** Cuts the last three characters off instead of the two of the unit: 196MB is read as 19. */
export function cutMb(used: string): number {
  const isGiga = used.endsWith('GB')
  if (!isGiga && !used.endsWith('MB')) return 0
  const digits = used.slice(0, -3)
  return /^\d*\.?\d*$/.test(digits) ? finite(Number.parseFloat(digits) * (isGiga ? 1024 : 1)) : 0
}

const DECIMAL_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** As podman means it; null if it is no amount. */
export function decimalMb(amount: string): number | null {
  const match = /^([\d.]+)\s*([kKMGT]i?B|B)$/.exec(amount)
  const unit = DECIMAL_BYTES[match?.[2] ?? '']
  const value = Number(match?.[1])
  return unit === undefined || !Number.isFinite(value) ? null : (value * unit) / 1e6
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
