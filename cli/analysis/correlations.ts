// What goes together: CPU and memory in a run; tokens, turns, time and peak memory over runs.

import { maximum } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun } from './run.ts'
import type { Group } from './scope.ts'
import { correlation, type Figure, largest, type Maybe, mean, share, smallest, tally } from './statistics.ts'
import type { RunSummary } from './summary.ts'

/** Fewer points say nothing of a run. */
const LEAST_POINTS = 10

export interface Correlations {
  readonly cpuMemory: Readonly<Record<Mode, Maybe>>
  readonly peakMb: Maybe
  /** null where no record of the model was seen. */
  readonly turns: Readonly<Record<Mode, { readonly count: number; readonly outputTokens: number }>> | null
}

export function correlationsOf({ samples, trace }: LoadedRun): Correlations {
  const { averageCpu, regexMb, clean, rates } = samples
  const there = (_: number, at: number) => !Number.isNaN(rates.mb[at])
  const both = correlation(rates.value.filter(there), rates.mb.filter(there))
  return {
    cpuMemory: {
      paper: correlation(averageCpu, regexMb).value,
      corrected: both.n < LEAST_POINTS ? null : both.value,
    },
    peakMb: maximum(clean.value),
    turns: trace && trace.records.count > 0 ? { paper: trace.records, corrected: trace.messages } : null,
  }
}

export const correlations: Question = {
  paper: ({ main }) =>
    main.flatMap((group) => [
      ...cpuMemory(group, 'paper'),
      draft(
        `corr.runs.${group.key}`,
        'runs',
        tally(traced(group).length),
        `Those of ${group.label} whose trace has words of a model.`,
      ),
      ...overRuns(group, 'paper'),
    ]),
  corrected: ({ main }) =>
    main.flatMap((group) => [
      ...cpuMemory(group, 'corrected'),
      positive(group),
      ...overRuns(group, 'corrected'),
    ]),
}

const COLUMNS: Readonly<Record<Mode, string>> = {
  paper: 'CPU as printed with memory by the study’s first parser, over all samples',
  corrected: `CPU as a rate with memory, over samples that have both (${LEAST_POINTS} at least)`,
}

function cpuMemory({ key, label, runs }: Group, mode: Mode): Draft[] {
  const each = runs.map(({ correlations }) => correlations.cpuMemory[mode])
  const row = (name: string, word: string, figure: Figure) =>
    draft(
      `corr.cpu_mem_${name}.${key}`,
      'r',
      figure,
      `${word} over ${label} of a run's correlation (Pearson) of ${COLUMNS[mode]}.`,
    )
  return [
    row('mean', 'Mean', mean(each)),
    row('min', 'Least', smallest(each)),
    row('max', 'Largest', largest(each)),
  ]
}

function positive({ key, label, runs }: Group): Draft {
  const known = runs.flatMap(({ correlations }) => correlations.cpuMemory.corrected ?? [])
  return draft(
    `corr.cpu_mem_positive_share.${key}`,
    '%',
    share(known.filter((r) => r > 0).length, known.length),
    `Share of ${label} in which CPU as a rate and memory rise together (r above 0), of those that have an r.`,
  )
}

function traced({ runs }: Group): RunSummary[] {
  return runs.filter(({ correlations }) => correlations.turns !== null)
}

const COUNTED: Readonly<Record<Mode, string>> = {
  paper:
    'every record of the trace counted, so that a message counts once for each of its blocks; peak memory as the collector summed it up',
  corrected:
    'each message counted once, with the most tokens that it was recorded with; peak memory of the samples',
}

function overRuns(group: Group, mode: Mode): Draft[] {
  const runs = traced(group)
  const tokens = runs.map(({ correlations }) => correlations.turns?.[mode].outputTokens ?? null)
  const turns = runs.map(({ correlations }) => correlations.turns?.[mode].count ?? null)
  const peaks = runs.map(({ collected, correlations }) =>
    mode === 'paper' ? (collected?.memoryMb.max ?? null) : correlations.peakMb,
  )
  const times = runs.map(({ durations }) => durations.run)
  const row = (name: string, figure: Figure, what: string) =>
    draft(
      `corr.${name}.${group.key}`,
      'r',
      figure,
      `Correlation (Pearson) over ${group.label} with a trace of ${what}; ${COUNTED[mode]}.`,
    )
  return [
    row('tokens_peak', correlation(tokens, peaks), 'output tokens with peak memory'),
    row('turns_time', correlation(turns, times), 'turns with the time of the container'),
    row('turns_peak', correlation(turns, peaks), 'turns with peak memory'),
  ]
}
