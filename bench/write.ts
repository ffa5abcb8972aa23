// docs/benchmarks.md: every figure with its command, the newest of each benchmark and machine.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from './pairs.ts'

const HEAD = `# Benchmarks

Written by \`bun run bench\`; the figures are kept in \`benchmarks.json\` beside this page. A ratio is the median over
alternating pairs of runs, A B B A …, on one machine; absolute times are that machine's own. "At most" is the
upper bound of that median with 95 % confidence. A/A rows show how far a ratio strays by itself.
`

/** Adds the figures, in place of older ones of the same benchmark that are of the same machine, or of another meaning. */
export function writeFigures(docs: string, figures: readonly Figure[]): void {
  mkdirSync(docs, { recursive: true })
  const file = join(docs, 'benchmarks.json')
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figure[]) : []
  const stays = (old: Figure) =>
    !figures.some(({ id, where, what }) => id === old.id && (where === old.where || what !== old.what))
  const all = [...before.filter(stays), ...figures].sort(
    (a, b) => a.where.localeCompare(b.where) || a.id.localeCompare(b.id),
  )
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
  writeFileSync(join(docs, 'benchmarks.md'), page(all))
}

function page(figures: readonly Figure[]): string {
  const machines = [...new Set(figures.map(({ where }) => where))]
  const sections = machines.map((where) => {
    const rows = figures.filter((figure) => figure.where === where).map(row)
    return `\n## ${where}\n\n| what | value | control | ratio | at most | n | p99 | command |\n|--|--:|--:|--:|--:|--:|--:|--|\n${rows.join('\n')}\n`
  })
  return HEAD + sections.join('')
}

function row({ id, what, unit, value, control, ratio, upper, n, p99 }: Figure): string {
  const number = (figure: number | null) => (figure === null ? '' : `${round(figure)} ${unit}`)
  const command = `\`bun run bench ${id.split('.')[0]}\``
  return `| ${what} | ${number(value)} | ${number(control)} | ${ratio === null ? '' : ratio.toFixed(3)} | ${upper?.toFixed(3) ?? ''} | ${n} | ${number(p99)} | ${command} |`
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
