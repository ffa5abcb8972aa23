// What a report is made of: one row a measurement.

import type { Figure } from './statistics.ts'

export const MODES = ['corrected', 'paper'] as const
/** `paper` keeps the study's own definitions, quirks included; `corrected` mends them. */
export type Mode = (typeof MODES)[number]

export interface Row {
  readonly id: string
  readonly mode: Mode
  /** null if nothing was there to measure; never NaN. */
  readonly value: number | string | null
  readonly unit: string
  /** How many observations stand behind the value. */
  readonly n: number
  readonly definition: string
}

/** A row before its mode is known. */
export type Draft = Omit<Row, 'mode'>

export function rowOf({ id, value, unit, n, definition }: Draft, mode: Mode): Row {
  return { id, mode, value, unit, n, definition }
}

export function draft(id: string, unit: string, figure: Figure<number | string>, definition: string): Draft {
  const isNumber = typeof figure.value !== 'number' || Number.isFinite(figure.value)
  return { id, unit, value: isNumber ? figure.value : null, n: figure.n, definition }
}
