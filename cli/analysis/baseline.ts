// The memory that a run holds when nothing happens: at its beginning, and while the model thinks.

import { average } from './columns.ts'
import type { Question } from './questions.ts'
import { draft } from './row.ts'
import type { LoadedRun } from './run.ts'
import { allRuns } from './scope.ts'
import { derived, type Maybe, mean, median } from './statistics.ts'
import { STARTING_MB, thinkingRows } from './thinking.ts'

const PAPER_INSTANCES = 64

export interface Baseline {
  /** Mean of the first tenth of the samples: of those above STARTING_MB, and of all. */
  readonly settled: Maybe
  readonly literal: Maybe
}

export function baselineOf({ samples }: LoadedRun): Baseline {
  const { regexMb } = samples
  const first = regexMb.subarray(0, Math.max(1, Math.floor(regexMb.length / 10)))
  return {
    settled: average(first.filter((value) => value > STARTING_MB)),
    literal: average(first),
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
