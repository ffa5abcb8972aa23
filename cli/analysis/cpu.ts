// How much CPU runs use. `podman stats --no-stream` prints the average since the container's start; the study took
// it for the use of the last second. `corrected` works with the rate that the averages imply.

import { lifeCpu, maximum } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import type { LoadedRun, Samples } from './run.ts'
import { commonRuns, type Group, type Scope } from './scope.ts'
import { derived, type Figure, largest, type Maybe, mean, median, ratio, share } from './statistics.ts'
import type { RunSummary } from './summary.ts'

const HIGH_PERCENT = 50
const PAPER_CORES = 24
const PAPER_INSTANCES = 64

interface Many {
  readonly count: number
  readonly high: number
  readonly peak: Maybe
}

export interface CpuUse {
  /** The printed averages. */
  readonly printed: Many
  readonly rates: Many
  /** CPU time over the container's life. */
  readonly life: Maybe
  /** How far CPU time seems to fall back, of its largest value: 0 if the printed column is an average. */
  readonly fallback: Maybe
}

export function cpuUseOf({ samples }: LoadedRun): CpuUse {
  const many = (values: Float64Array): Many => ({
    count: values.length,
    high: values.filter((value) => value > HIGH_PERCENT).length,
    peak: maximum(values),
  })
  return {
    printed: many(samples.averageCpu),
    rates: many(samples.rates.value),
    life: lifeCpu(samples),
    fallback: fallbackOf(samples),
  }
}

/** As in cpu-rates: the age at the first sample is not recorded. */
const AGE_AT_FIRST_SAMPLE = 0.25

function fallbackOf({ epoch, averageCpu }: Samples): Maybe {
  const begin = epoch[0]
  let before: number | null = null
  let most = 0
  let fallen = 0
  for (let at = 0; at < epoch.length; at++) {
    if (averageCpu[at] === 0) continue
    const used =
      ((averageCpu[at] as number) / 100) * ((epoch[at] as number) - (begin as number) + AGE_AT_FIRST_SAMPLE)
    if (before !== null && used < before) fallen += before - used
    most = Math.max(most, used)
    before = used
  }
  return ratio(fallen, most)
}

const PRINTED = 'the printed CPU column, which is an average since the container’s start'
const RATE = 'CPU rate (growth of the CPU time so far, over the interval between two samples)'

export const cpu: Question = {
  paper(scope) {
    const average = ({ collected }: RunSummary) => collected?.cpuPercent.average ?? null
    return [
      ...averages(scope, average, `the collector's mean of ${PRINTED}`),
      ...scope.main.flatMap(({ key, label, runs }) =>
        many(
          key,
          label,
          runs.map(({ cpuUse }) => cpuUse.printed),
          PRINTED,
        ),
      ),
      ...scope.main.flatMap((group) => common(scope, group)),
    ]
  },
  corrected(scope) {
    return [
      ...averages(
        scope,
        ({ cpuUse }) => cpuUse.life,
        'CPU time over the container’s life (the last printed average that is not 0)',
      ),
      ...scope.main.flatMap(({ key, label, runs }) => [
        ...many(
          key,
          label,
          runs.map(({ cpuUse }) => cpuUse.rates),
          RATE,
        ),
        draft(
          `cpu.peak_median.${key}`,
          '%',
          median(runs.map(({ cpuUse }) => cpuUse.rates.peak)),
          `Median over ${label} of the run's largest ${RATE}.`,
        ),
        draft(
          `cpu.cumulative_drop_median.${key}`,
          'fraction',
          median(runs.map(({ cpuUse }) => cpuUse.fallback)),
          `Median over ${label} of how far printed CPU times age falls back in all, over its largest value; near 0 proves that the column is an average since the start.`,
        ),
      ]),
    ]
  },
}

function averages(scope: Scope, of: (run: RunSummary) => Maybe, what: string): Draft[] {
  const commonMean = (group: Group): Figure => mean(commonRuns(scope, group).map(of))
  const [first, second] = scope.main
  return [
    ...scope.main.flatMap((group) => [
      draft(
        `cpu.avg_common.${group.key}`,
        '%',
        commonMean(group),
        `Mean of ${what}, over those of ${group.label} whose task the other group ran too; 100 % is one core.`,
      ),
      draft(`cpu.avg.${group.key}`, '%', mean(group.runs.map(of)), `Mean of ${what}, over ${group.label}.`),
    ]),
    ...(first
      ? [
          draft(
            `capacity.cpu_share_64.${first.key}`,
            '%',
            derived([commonMean(first)], (percent) => (PAPER_INSTANCES * percent!) / PAPER_CORES),
            `What ${PAPER_INSTANCES} such runs would use of ${PAPER_CORES} cores, the study's machine, by cpu.avg_common.${first.key}.`,
          ),
        ]
      : []),
    ...(first && second
      ? [
          draft(
            'cpu.ratio_common.all',
            'x',
            derived([commonMean(first), commonMean(second)], (one, other) => ratio(one, other)),
            `cpu.avg_common.${first.key} over cpu.avg_common.${second.key}.`,
          ),
        ]
      : []),
  ]
}

function many(key: string, label: string, each: readonly Many[], what: string): Draft[] {
  const total = (of: 'count' | 'high') => each.reduce((sum, run) => sum + run[of], 0)
  return [
    draft(
      `cpu.over50_share.${key}`,
      '%',
      share(total('high'), total('count')),
      `Share of the samples with more than ${HIGH_PERCENT} % by ${what}, over ${label}.`,
    ),
    draft(
      `cpu.peak.${key}`,
      '%',
      { ...largest(each.map(({ peak }) => peak)), n: total('count') },
      `Largest value of ${what}, over ${label}.`,
    ),
  ]
}

function common(scope: Scope, group: Group): Draft[] {
  const runs = commonRuns(scope, group)
  const row = (id: string, unit: string, of: (run: RunSummary) => Maybe, what: string) =>
    draft(
      `common.${id}.${group.key}`,
      unit,
      mean(runs.map(of)),
      `Mean of the collector's ${what}, over those of ${group.label} whose task the other group ran too.`,
    )
  return [
    row('peak_mem_mean', 'MB', ({ collected }) => collected?.memoryMb.max ?? null, 'peak memory'),
    row(
      'sampling_mean_s',
      's',
      ({ collected }) => collected?.seconds ?? null,
      'time from first to last sample',
    ),
  ]
}
