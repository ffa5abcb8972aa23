// What Bash is used for, by the first of the study's patterns that a command matches. It published two orders of
// the same patterns, and used both.

import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import { type Call, callSeconds, type LoadedRun } from './run.ts'
import type { Group } from './scope.ts'
import { share, tally } from './statistics.ts'

const PATTERNS = {
  test: /\bpytest\b|\bpython\s+-m\s+pytest\b|\btox\b|\bnose\b|\bunittest\b/,
  git: /\bgit\s+(diff|log|status|show|add|commit|checkout|stash|branch|reset)\b/,
  install: /\bpip\s+install\b|\bconda\s+install\b|\bapt\b|\byum\b/,
  explore: /\bls\b|\bfind\b|\btree\b|\bwc\b|\bdu\b|\bdf\b/,
  snippet: /\bpython\s+-c\b|\bpython3\s+-c\b/,
  run: /\bpython\b|\bpython3\b/,
  text: /\bcat\b|\bhead\b|\btail\b|\bgrep\b|\bsed\b|\bawk\b/,
  shell: /\bcd\b|\bsource\b|\bexport\b|\bchmod\b|\bmkdir\b/,
} as const

type Pattern = keyof typeof PATTERNS
export type Category = Pattern | 'other'

/** For shares of time. */
export const TIME_ORDER = ['test', 'git', 'install', 'explore', 'snippet', 'run', 'text', 'shell'] as const
/** For memory and CPU. */
export const SPIKE_ORDER = ['test', 'install', 'git', 'snippet', 'run', 'explore', 'text'] as const

export function categoryOf(call: Call, order: readonly Pattern[]): Category {
  const matched = matchedPatterns(call)
  return order.find((category) => matched.has(category)) ?? 'other'
}

/** A call is asked for more than once, and commands can be long. */
const known = new WeakMap<Call, ReadonlySet<Pattern>>()

function matchedPatterns(call: Call): ReadonlySet<Pattern> {
  const before = known.get(call)
  if (before) return before
  const text = call.command.trim().toLowerCase()
  const matched = new Set(TIME_ORDER.filter((pattern) => PATTERNS[pattern].test(text)))
  known.set(call, matched)
  return matched
}

export type CategoryUse = Readonly<
  Partial<Record<Category, { readonly count: number; readonly seconds: number }>>
>

export function categoryUseOf({ listedCalls }: LoadedRun): CategoryUse {
  const bash = listedCalls.filter(({ tool }) => tool === 'Bash')
  const groups = Map.groupBy(bash, (call) => categoryOf(call, TIME_ORDER))
  return Object.fromEntries(
    [...groups].map(([category, calls]) => [
      category,
      { count: calls.length, seconds: calls.reduce((total, call) => total + callSeconds(call), 0) },
    ]),
  )
}

export const bashCategories: Question = {
  paper: ({ main }) => main.flatMap(rows),
  corrected: () => [],
}

function rows(group: Group): Draft[] {
  const { key, label } = group
  const categories = [...TIME_ORDER, 'other'] as const
  const added = (category: Category, of: 'count' | 'seconds') =>
    group.runs.reduce((total, { categoryUse }) => total + (categoryUse[category]?.[of] ?? 0), 0)
  const total = categories.reduce((seconds, category) => seconds + added(category, 'seconds'), 0)
  const order = `the first of ${TIME_ORDER.join(', ')} whose pattern the command matches, else other`
  return categories.flatMap((category) => {
    const count = added(category, 'count')
    return [
      draft(
        `bash_category.${category}.share.${key}`,
        '%',
        share(added(category, 'seconds'), total, count),
        `Time of listed Bash calls of category ${category} in that of all of them, ${label}; a call's category is ${order}.`,
      ),
      draft(
        `bash_category.${category}.count.${key}`,
        'calls',
        tally(count),
        `Listed Bash calls of category ${category}, ${label}; a call's category is ${order}.`,
      ),
    ]
  })
}
