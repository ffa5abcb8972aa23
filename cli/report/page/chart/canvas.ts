// The outside of every chart: its title, its legend, and the <svg> around it.

import { type Markup, markup } from '../markup.ts'
import type { Table } from '../table.ts'
import { type Legend, type LegendEntry, legend } from './legend.ts'

/** A chart at any width, so that letters keep their size. */
export interface Chart {
  /** Of the file, and unique in its page. */
  readonly name: string
  readonly title: string
  readonly draw: (width: number) => Markup
  /** Everything that it draws. */
  readonly tables: readonly ChartTable[]
}

export interface ChartTable extends Table {
  readonly title: string
}

export interface Head {
  readonly top: number
  readonly content: readonly Markup[]
}

const TITLE_LINE = 24

export function head(title: string, entries: readonly LegendEntry[], width: number): Head {
  const { height, content }: Legend = legend(entries, 0, TITLE_LINE, width)
  return {
    top: TITLE_LINE + height + 6,
    content: [markup`<text class="title" x="0" y="14">${title}</text>`, ...content],
  }
}

export function canvas(title: string, width: number, height: number, content: readonly Markup[]): Markup {
  return markup`<svg class="chart" role="img" aria-label="${title}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${content}</svg>`
}
