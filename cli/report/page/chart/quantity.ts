// What is measured and in which unit: axes, and the columns of the tables behind them, say it in the same words.

export interface Quantity {
  readonly what: string
  /** Counts have none. */
  readonly unit?: string
}

export function labelOf({ what, unit }: Quantity): string {
  return unit === undefined ? what : `${what}, ${unit}`
}

/** The column of one series among others of the same quantity. */
export function columnOf(series: string, quantity: Quantity): string {
  const { what, unit } = quantity
  return series === what ? labelOf(quantity) : `${series}, ${unit ?? what}`
}
