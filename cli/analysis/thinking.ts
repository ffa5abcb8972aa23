// The memory that runs hold while the model thinks: while no listed call runs. It is asked for of many runs together,
// never of one, and is kept so: memory is printed in four digits, and the values of any number of runs are few.

import { type Counts, count, distributionOf, meanOf, percentileOf } from './distribution.ts'
import { touches, union } from './intervals.ts'
import { type Draft, draft, MODES, type Mode } from './row.ts'
import type { LoadedRun } from './run.ts'
import type { Scope } from './scope.ts'
import type { Figure } from './statistics.ts'

/** A container that starts holds less, for a sample or two. */
export const STARTING_MB = 50

/** How many samples have each memory. */
export type Thinking = Readonly<Record<Mode, Counts>>

export function noThinking(): Thinking {
  return { paper: new Map(), corrected: new Map() }
}

export function addRun(to: Thinking, { samples, listedCalls }: LoadedRun): void {
  const { epoch, regexMb, clean } = samples
  const calls = union(listedCalls)
  const isThinking = (time: number) => !touches(calls, time, time)
  for (let at = 0; at < epoch.length; at++) {
    if (isThinking(epoch[at] as number)) count(to.paper, regexMb[at] as number, 1)
  }
  for (let at = 0; at < clean.epoch.length; at++) {
    const mb = clean.value[at] as number
    if (mb > STARTING_MB && isThinking(clean.epoch[at] as number)) count(to.corrected, mb, 1)
  }
}

export function addThinking(to: Thinking, other: Thinking): void {
  for (const mode of MODES) for (const [mb, samples] of other[mode]) count(to[mode], mb, samples)
}

export function thinkingRows({ main }: Scope, mode: Mode, what: string): Draft[] {
  return main.flatMap(({ key, label, thinking }) => {
    const all = distributionOf(thinking[mode])
    const row = (name: string, word: string, figure: Figure) =>
      draft(
        `llm_phase.mem_${name}_mb.${key}`,
        'MB',
        figure,
        `${word} of ${what}, over the samples of ${label} at which no listed call ran; percentiles are linear between order statistics.`,
      )
    return [
      row('mean', 'Mean', meanOf(all)),
      row('median', 'Median', percentileOf(all, 50)),
      row('p95', '95th percentile', percentileOf(all, 95)),
      row('max', 'Largest value', percentileOf(all, 100)),
    ]
  })
}
