// What the colors of a chart stand for, in lines as wide as the chart.

import { type Markup, markup } from '../markup.ts'

const LETTER = 7.4
const SWATCH = 18
const GAP = 16
export const LEGEND_LINE = 18

export interface LegendEntry {
  readonly name: string
  /** The class of the swatch. */
  readonly paint: string
  /** Lines are told by a stroke, areas by a square. */
  readonly isLine?: boolean
}

export interface Legend {
  readonly height: number
  readonly content: readonly Markup[]
}

/** About as wide as the text is drawn. */
export function textWidth(text: string): number {
  return text.length * LETTER
}

/** The text, or as much of it as has room. */
export function fitted(text: string, width: number): string {
  const letters = Math.max(2, Math.floor(width / LETTER))
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`
}

export function legend(entries: readonly LegendEntry[], left: number, top: number, width: number): Legend {
  let x = left
  let line = 0
  const content = entries.map(({ name, paint, isLine }) => {
    const text = fitted(name, width - SWATCH)
    const needed = SWATCH + textWidth(text)
    if (x > left && x + needed > left + width) {
      x = left
      line++
    }
    const y = top + line * LEGEND_LINE
    const height = isLine ? 3 : 12
    const entry = markup`<rect class="${paint}" x="${x}" y="${y + 9 - height / 2}" width="12" height="${height}" rx="${isLine ? 1 : 2}"/><text x="${x + SWATCH}" y="${y + 13}">${text}</text>`
    x += needed + GAP
    return entry
  })
  return { height: entries.length > 0 ? (line + 1) * LEGEND_LINE + 4 : 0, content }
}
