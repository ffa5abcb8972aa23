// What is kept of runs that were read: a summary of each, and of each group together what nobody asks of one run.
// Plain data, since threads hand it over.

import type { LoadedRun } from './run.ts'
import { type Group, isValid } from './scope.ts'
import { type RunSummary, summarize } from './summary.ts'
import { addRun, addThinking, noThinking, type Thinking } from './thinking.ts'

export interface Kept {
  readonly summaries: RunSummary[]
  /** By group; a run that is not valid may be none of it. */
  readonly thinking: Map<string, { readonly valid: Thinking; readonly others: Thinking }>
}

export function nothingKept(): Kept {
  return { summaries: [], thinking: new Map() }
}

/** `withSeconds`: whether the run is to be drawn or packed, and not only measured. */
export function keep(kept: Kept, run: LoadedRun, withSeconds: boolean): void {
  const summary = summarize(run, withSeconds)
  kept.summaries.push(summary)
  addRun(thinkingOf(kept, run.group)[isValid(summary) ? 'valid' : 'others'], run)
}

export function keepAll(kept: Kept, part: Kept): void {
  kept.summaries.push(...part.summaries)
  for (const [group, { valid, others }] of part.thinking) {
    const thinking = thinkingOf(kept, group)
    addThinking(thinking.valid, valid)
    addThinking(thinking.others, others)
  }
}

export function groupOf(kept: Kept, key: string, label: string, isValidOnly: boolean): Group {
  const { valid, others } = thinkingOf(kept, key)
  const thinking = noThinking()
  for (const each of isValidOnly ? [valid] : [valid, others]) addThinking(thinking, each)
  const runs = kept.summaries.filter((run) => run.group === key && (!isValidOnly || isValid(run)))
  return { key, label, runs, thinking }
}

function thinkingOf({ thinking }: Kept, group: string) {
  return thinking.getOrInsertComputed(group, () => ({ valid: noThinking(), others: noThinking() }))
}
