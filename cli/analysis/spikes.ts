// How far memory and CPU rise during a Bash call, by what the call is for.

import { type Category, categoryOf, SPIKE_ORDER } from './bash-categories.ts'
import { firstFrom } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import { type Call, callSeconds, type LoadedRun, type Series } from './run.ts'
import type { Group } from './scope.ts'
import { derived, type Maybe, mean, percentile, ratio, tally } from './statistics.ts'

const LEAST_SECONDS = 0.1

interface Spike {
  readonly category: Category
  readonly mb: Maybe
  readonly cpu: Maybe
}

export type Spikes = Readonly<Record<Mode, readonly Spike[]>>

export function spikesOf({ samples, listedCalls }: LoadedRun): Spikes {
  const { epoch, cutMb, averageCpu, clean, rates } = samples
  const paperMb = { epoch, value: cutMb }
  const paperCpu = { epoch, value: averageCpu }
  const bash = listedCalls.filter((call) => call.tool === 'Bash' && callSeconds(call) >= LEAST_SECONDS)
  return {
    paper: bash.flatMap((call) => {
      const category = categoryOf(call, SPIKE_ORDER)
      const mbSpike = rise(paperMb, call)
      if (mbSpike === null) return []
      return [{ category, mb: mbSpike, cpu: rise(paperCpu, call) }]
    }),
    corrected: bash.flatMap((call) => {
      const spike = { mb: rise(clean, call), cpu: rise(rates, call) }
      if (spike.mb === null && spike.cpu === null) return []
      return [{ category: categoryOf(call, SPIKE_ORDER), ...spike }]
    }),
  }
}

/** The largest value in the call less the last one before it, or the first in it; null without one in it. */
function rise({ epoch, value }: Series, { start, end }: Call): Maybe {
  const first = firstFrom(epoch, start)
  let most: Maybe = null
  for (let at = first; at < epoch.length && (epoch[at] as number) <= end; at++) {
    const now = value[at] as number
    if (most === null || now > most) most = now
  }
  return most === null ? null : most - (value[Math.max(0, first - 1)] as number)
}

export const spikes: Question = {
  paper: ({ main }) => main.flatMap((group) => rows(group, 'paper')),
  corrected: ({ main }) => main.flatMap((group) => rows(group, 'corrected')),
}

const MEASURED: Readonly<Record<Mode, string>> = {
  paper: 'memory by the study’s cutting parser and CPU as printed',
  corrected: 'memory of a container that is there and CPU as a rate',
}

function rows({ key, label, runs }: Group, mode: Mode): Draft[] {
  const categories = [...SPIKE_ORDER, 'other'] as const
  const of = (category: Category) =>
    runs.flatMap(({ spikes }) => spikes[mode].filter((spike) => spike.category === category))
  const mbMean = (category: Category) => mean(of(category).map(({ mb }) => mb))
  const mbP95 = (category: Category) =>
    percentile(
      of(category).map(({ mb }) => mb),
      95,
    )
  const call = (category: Category) =>
    `over listed Bash calls of category ${category} of ${label} that take ${LEAST_SECONDS} s and hold a sample (largest value in the call less the last before it; ${MEASURED[mode]}; a call's category is the first of ${SPIKE_ORDER.join(', ')} whose pattern it matches, else other)`
  return [
    ...categories.flatMap((category) => [
      ...(mode === 'paper'
        ? [
            draft(
              `spike.${category}.count.${key}`,
              'calls',
              tally(of(category).length),
              `How many spikes there are ${call(category)}.`,
            ),
          ]
        : []),
      draft(
        `spike.${category}.mem_mean.${key}`,
        'MB',
        mbMean(category),
        `Mean rise of memory ${call(category)}.`,
      ),
      draft(
        `spike.${category}.mem_p95.${key}`,
        'MB',
        mbP95(category),
        `95th percentile of the rise of memory ${call(category)}, linear between order statistics.`,
      ),
      draft(
        `spike.${category}.cpu_mean.${key}`,
        'pp',
        mean(of(category).map(({ cpu }) => cpu)),
        `Mean rise of CPU ${call(category)}.`,
      ),
    ]),
    ...(mode === 'paper'
      ? [
          draft(
            `spike.test_over_explore.${key}`,
            'x',
            derived([mbP95('test'), mbMean('explore')], (test, explore) => ratio(test!, explore!)),
            `spike.test.mem_p95.${key} over spike.explore.mem_mean.${key}: a percentile over a mean, as the study has it.`,
          ),
          draft(
            `spike.test_over_explore_means.${key}`,
            'x',
            derived([mbMean('test'), mbMean('explore')], (test, explore) => ratio(test!, explore!)),
            `spike.test.mem_mean.${key} over spike.explore.mem_mean.${key}.`,
          ),
        ]
      : [
          draft(
            `spike.test_minus_explore_means.${key}`,
            'MB',
            derived([mbMean('test'), mbMean('explore')], (test, explore) => test! - explore!),
            `spike.test.mem_mean.${key} less spike.explore.mem_mean.${key}; that a ratio would mean nothing, since the second is near 0.`,
          ),
        ]),
  ]
}
