// Which tools take the time, and which commands Bash runs.

import { type BarsInput, bars } from '../chart/bars.ts'
import type { Chart } from '../chart/canvas.ts'
import { borrowedNote, type Figure, type Measured, measuredValue, rowTable } from './figure.ts'

const OTHER = 'other'
const TOOLS = ['Task', 'Bash', 'Read', 'Edit', 'Write', 'Grep', 'Glob', 'TodoWrite', 'WebSearch', 'WebFetch']
const CATEGORIES = ['test', 'install', 'snippet', 'run', 'explore', 'text', 'git', 'shell', OTHER]
const COMMANDS = 'Time of Bash by what it runs'
/** Bars of less cannot be seen. */
const LEAST_PERCENT = 0.1

export function breakdown(from: Measured): Figure {
  const keys = from.scope.main.map(({ key }) => key)
  const shares = (
    names: readonly string[],
    id: (name: string, key: string) => string,
    words: Pick<BarsInput, 'name' | 'title' | 'quantity' | 'each'>,
  ): Chart => {
    const most = (name: string) => Math.max(...keys.map((key) => measuredValue(from, id(name, key)) ?? 0), 0)
    const shown = names
      .filter((name) => most(name) >= LEAST_PERCENT)
      .toSorted((one, other) => Number(one === OTHER) - Number(other === OTHER) || most(other) - most(one))
    return bars({
      ...words,
      bars: shown,
      series: keys.map((key) => ({
        name: key,
        values: shown.map((name) => measuredValue(from, id(name, key))),
      })),
    })
  }
  const tool = (name: string, key: string) => `tool.${name.toLowerCase()}.share.${key}`
  const category = (name: string, key: string) => `bash_category.${name}.share.${key}`
  const commands = keys.flatMap((key) => CATEGORIES.map((name) => category(name, key)))
  return {
    id: 'breakdown',
    title: 'Tools and commands',
    caption: `Which tools the time in calls goes to, and what Bash is used for. Shares below ${LEAST_PERCENT} % are in the measurements alone.${borrowedNote(from, COMMANDS, commands)}`,
    charts: [
      shares([...TOOLS, OTHER], tool, {
        name: 'tool-shares',
        title: 'Time by tool',
        quantity: { what: 'share of the time in calls', unit: '%' },
        each: 'tool',
      }),
      shares(CATEGORIES, category, {
        name: 'command-shares',
        title: COMMANDS,
        quantity: { what: 'share of the time in Bash', unit: '%' },
        each: 'what Bash runs',
      }),
    ],
    measurements: rowTable(
      from,
      keys.flatMap((key) => [
        ...[...TOOLS, OTHER].map((name) => tool(name, key)),
        ...CATEGORIES.map((name) => category(name, key)),
      ]),
    ),
  }
}
