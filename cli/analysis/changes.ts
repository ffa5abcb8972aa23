// How fast memory and CPU change from one sample to the next.

import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun, Series } from './run.ts'
import type { Group } from './scope.ts'
import { type Figure, largest, type Maybe, share, tally } from './statistics.ts'

/** Samples further apart say nothing of a second. */
const LONGEST_GAP = 2
const EVENT_MB = 50
const EVENT_PERCENT = 20
const BIG_MB = 100
/** For the figure: how many changes exceed each. */
export const CHANGE_STEPS_MB = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] as const

interface ModeChanges {
  readonly pairs: number
  readonly events: number
  readonly big: number
  /** How many exceed each of CHANGE_STEPS_MB a second. */
  readonly exceeding: readonly number[]
  readonly mostMb: Maybe
  readonly mostMbPerSecond: Maybe
  readonly mostPercentPerSecond: Maybe
}

export type Changes = Readonly<Record<Mode, ModeChanges>>

export function changesOf({ samples }: LoadedRun): Changes {
  const { epoch, regexMb, averageCpu, clean, rates } = samples
  const paper = steps({ epoch, value: regexMb })
  const paperCpu = steps({ epoch, value: averageCpu })
  const corrected = steps(clean)
  const rateSteps = steps(rates)
  const over = ({ rates }: Steps, least: number) => rates.filter((rate) => rate > least).length
  return {
    paper: {
      ...stepsOf(paper, paperCpu),
      events: paper.rates.filter(
        (rate, at) => rate > EVENT_MB || (paperCpu.rates[at] as number) > EVENT_PERCENT,
      ).length,
      big: over(paper, BIG_MB),
    },
    corrected: {
      ...stepsOf(corrected, rateSteps),
      events: over(corrected, EVENT_MB),
      big: over(corrected, BIG_MB),
    },
  }
}

function stepsOf(memory: Steps, cpu: Steps): Omit<ModeChanges, 'events' | 'big'> {
  return {
    pairs: memory.rates.length,
    exceeding: exceeding(memory.rates),
    mostMb: memory.most,
    mostMbPerSecond: memory.mostRate,
    mostPercentPerSecond: cpu.mostRate,
  }
}

function exceeding(rates: readonly number[]): number[] {
  const counts = CHANGE_STEPS_MB.map(() => 0)
  for (const rate of rates) {
    for (let at = 0; at < counts.length && rate > (CHANGE_STEPS_MB[at] as number); at++) counts[at]!++
  }
  return counts
}

interface Steps {
  /** The change a second. */
  readonly rates: readonly number[]
  /** The largest change, and the largest change a second. */
  readonly most: Maybe
  readonly mostRate: Maybe
}

/** Between neighbours that are less than LONGEST_GAP apart. */
function steps({ epoch, value }: Series): Steps {
  const rates: number[] = []
  let most: Maybe = null
  let mostRate: Maybe = null
  for (let at = 1; at < epoch.length; at++) {
    const seconds = (epoch[at] as number) - (epoch[at - 1] as number)
    if (seconds <= 0 || seconds >= LONGEST_GAP) continue
    const change = Math.abs((value[at] as number) - (value[at - 1] as number))
    if (most === null || change > most) most = change
    const rate = change / seconds
    if (mostRate === null || rate > mostRate) mostRate = rate
    rates.push(rate)
  }
  return { rates, most, mostRate }
}

const PAIRS = 'neighbouring samples less than 2 s apart'
const MEASURED: Readonly<Record<Mode, string>> = {
  paper: 'memory by the study’s first parser, CPU as printed',
  corrected: 'samples of a container gone left out, CPU as a rate',
}

export const changes: Question = {
  paper: ({ main, pilot }) => [
    ...main.flatMap((group) => [
      draft(
        `change.pairs.${group.key}`,
        'pairs',
        tally(added(group, 'paper', 'pairs')),
        `How many ${PAIRS} there are, ${group.label}.`,
      ),
      ...rows(group, 'paper'),
    ]),
    ...(pilot ? pilotRows(pilot, 'paper') : []),
  ],
  corrected: ({ main, pilot }) => [
    ...main.flatMap((group) => rows(group, 'corrected')),
    ...(pilot ? pilotRows(pilot, 'corrected') : []),
  ],
}

function added({ runs }: Group, mode: Mode, of: 'pairs' | 'events' | 'big'): number {
  return runs.reduce((sum, { changes }) => sum + changes[mode][of], 0)
}

function most(group: Group, mode: Mode, of: 'mostMb' | 'mostMbPerSecond' | 'mostPercentPerSecond'): Figure {
  return { ...largest(group.runs.map(({ changes }) => changes[mode][of])), n: added(group, mode, 'pairs') }
}

function rows(group: Group, mode: Mode): Draft[] {
  const { key, label } = group
  const pairs = added(group, mode, 'pairs')
  const event =
    mode === 'paper' ? `more than ${EVENT_MB} MB/s or ${EVENT_PERCENT} %/s` : `more than ${EVENT_MB} MB/s`
  const row = (name: string, unit: string, figure: Figure, what: string) =>
    draft(`change.${name}.${key}`, unit, figure, `${what}, over ${PAIRS}, ${label}; ${MEASURED[mode]}.`)
  return [
    row('event_share', '%', share(added(group, mode, 'events'), pairs), `Share of changes by ${event}`),
    row(
      'over100_share',
      '%',
      share(added(group, mode, 'big'), pairs),
      `Share of changes by more than ${BIG_MB} MB/s`,
    ),
    row('cpu_max', '%/s', most(group, mode, 'mostPercentPerSecond'), 'Largest change of CPU a second'),
    row('mem_max_rate', 'MB/s', most(group, mode, 'mostMbPerSecond'), 'Largest change of memory a second'),
  ]
}

function pilotRows(group: Group, mode: Mode): Draft[] {
  const row = (name: string, unit: string, figure: Figure, what: string) =>
    draft(
      `change.${name}.${group.key}`,
      unit,
      figure,
      `${what}, over ${PAIRS}, ${group.label}; ${MEASURED[mode]}.`,
    )
  return [
    row(
      'mem_max_delta',
      'MB',
      most(group, mode, 'mostMb'),
      'Largest change of memory, whatever the time between',
    ),
    row('mem_max_rate', 'MB/s', most(group, mode, 'mostMbPerSecond'), 'Largest change of memory a second'),
  ]
}
