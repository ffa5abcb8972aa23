// The memory that a run holds when nothing happens: at its beginning, and while the model thinks.

import { average } from './columns.ts'
import { type Distribution, distributionOf, meanOf, percentileOf, pooled } from './distribution.ts'
import { touches, union } from './intervals.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun } from './run.ts'
import { allRuns } from './scope.ts'
import { derived, type Figure, type Maybe, mean, median } from './statistics.ts'

/** A container that starts holds less, for a sample or two. */
export const STARTING_MB = 50
const PAPER_INSTANCES = 64

export interface Baseline {
  /** Mean of the first tenth of the samples: of those above STARTING_MB, and of all. */
  readonly settled: Maybe
  readonly literal: Maybe
  /** Memory while no listed call runs. */
  readonly thinking: Readonly<Record<Mode, Distribution>>
}

export function baselineOf({ samples, listedCalls }: LoadedRun): Baseline {
  const { epoch, regexMb, clean } = samples
  const first = regexMb.subarray(0, Math.max(1, Math.floor(regexMb.length / 10)))
  const calls = union(listedCalls)
  const isThinking = (time: number) => !touches(calls, time, time)
  return {
    settled: average(first.filter((value) => value > STARTING_MB)),
    literal: average(first),
    thinking: {
      paper: distributionOf(regexMb.filter((_, at) => isThinking(epoch[at] as number))),
      corrected: distributionOf(
        clean.value.filter((mb, at) => mb > STARTING_MB && isThinking(clean.epoch[at] as number)),
      ),
    },
  }
}

export const baseline: Question = {
  paper(scope) {
    const perRun = allRuns(scope).map(({ baseline }) => baseline.settled)
    const all = median(perRun)
    return [
      ...scope.main.flatMap(({ key, label, runs }) => [
        draft(
          `baseline.mean_mb.${key}`,
          'MB',
          mean(runs.map(({ baseline }) => baseline.settled)),
          `Mean over ${label} of the mean memory in the first tenth of the samples (one at least), without samples of ${STARTING_MB} MB or less, in which the container starts. Memory as the study's first parser reads it.`,
        ),
        draft(
          `baseline.literal_mb.${key}`,
          'MB',
          mean(runs.map(({ baseline }) => baseline.literal)),
          `As baseline.mean_mb.${key} with every sample of that tenth, which is what the study's sentence says.`,
        ),
      ]),
      draft(
        'baseline.median_mb.all',
        'MB',
        all,
        'Median over the valid runs of the main groups of what baseline.mean_mb averages.',
      ),
      draft(
        'baseline.total_64_gb.all',
        'GB',
        derived([all], (value) => (PAPER_INSTANCES * value) / 1000),
        `What ${PAPER_INSTANCES} runs hold at baseline.median_mb.all.`,
      ),
      ...thinkingRows(scope, 'paper', 'memory as the study’s first parser reads it'),
    ]
  },
  corrected: (scope) =>
    thinkingRows(
      scope,
      'corrected',
      `memory, without samples of ${STARTING_MB} MB or less or of a container gone`,
    ),
}

function thinkingRows(scope: Parameters<Question[Mode]>[0], mode: Mode, what: string): Draft[] {
  return scope.main.flatMap(({ key, label, runs }) => {
    const all = pooled(runs.map(({ baseline }) => baseline.thinking[mode]))
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
