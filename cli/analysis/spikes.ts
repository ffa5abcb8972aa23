// How far memory and CPU rise during a Bash call, by what the call is for.

import { type Category, categoryOf, SPIKE_ORDER } from './bash-categories.ts'
import { firstFrom } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import { type Call, callSeconds, type LoadedRun, type Series } from './run.ts'
import type { Group } from './scope.ts'
import { derived, type Maybe, mean, percentile, ratio, tally } from './statistics.ts'
import type { RunSummary } from './summary.ts'

const LEAST_SECONDS = 0.1

/** Columns, a place a call: there are many calls, and an object for each would be most of what is kept of a run. */
interface ModeSpikes {
  readonly category: Category[]
  readonly mb: Maybe[]
  readonly cpu: Maybe[]
}

export type Spikes = Readonly<Record<Mode, ModeSpikes>>

export function spikesOf({ samples, listedCalls }: LoadedRun): Spikes {
  const { epoch, cutMb, averageCpu, clean, rates } = samples
  const paperMb = { epoch, value: cutMb }
  const paperCpu = { epoch, value: averageCpu }
  const bash = listedCalls.filter((call) => call.tool === 'Bash' && callSeconds(call) >= LEAST_SECONDS)
  return {
    paper: columnsOf(bash, paperMb, paperCpu, (mb) => mb !== null),
    corrected: columnsOf(bash, clean, rates, (mb, cpu) => mb !== null || cpu !== null),
  }
}

function columnsOf(
  calls: readonly Call[],
  memory: Series,
  cpu: Series,
  counts: (mb: Maybe, cpu: Maybe) => boolean,
): ModeSpikes {
  const spikes: ModeSpikes = { category: [], mb: [], cpu: [] }
  for (const call of calls) {
    const rises = [rise(memory, call), rise(cpu, call)] as const
    if (counts(...rises)) add(spikes, categoryOf(call, SPIKE_ORDER), ...rises)
  }
  return spikes
}

function add(spikes: ModeSpikes, category: Category, mb: Maybe, cpu: Maybe): void {
  spikes.category.push(category)
  spikes.mb.push(mb)
  spikes.cpu.push(cpu)
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

type Rises = Pick<ModeSpikes, 'mb' | 'cpu'>

function byCategory(runs: readonly RunSummary[], mode: Mode): Map<Category, Rises> {
  const all = new Map<Category, Rises>()
  for (const { spikes } of runs) {
    const { category, mb, cpu } = spikes[mode]
    for (let at = 0; at < category.length; at++) {
      const rises = all.getOrInsertComputed(category[at] as Category, () => ({ mb: [], cpu: [] }))
      rises.mb.push(mb[at] as Maybe)
      rises.cpu.push(cpu[at] as Maybe)
    }
  }
  return all
}

function rows({ key, label, runs }: Group, mode: Mode): Draft[] {
  const categories = [...SPIKE_ORDER, 'other'] as const
  const all = byCategory(runs, mode)
  const of = (category: Category): Rises => all.get(category) ?? { mb: [], cpu: [] }
  const mbMean = (category: Category) => mean(of(category).mb)
  const mbP95 = (category: Category) => percentile(of(category).mb, 95)
  const call = (category: Category) =>
    `over listed Bash calls of category ${category} of ${label} that take ${LEAST_SECONDS} s and hold a sample (largest value in the call less the last before it; ${MEASURED[mode]}; a call's category is the first of ${SPIKE_ORDER.join(', ')} whose pattern it matches, else other)`
  return [
    ...categories.flatMap((category) => [
      ...(mode === 'paper'
        ? [
            draft(
              `spike.${category}.count.${key}`,
              'calls',
              tally(of(category).mb.length),
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
        mean(of(category).cpu),
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
