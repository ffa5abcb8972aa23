// Whether bursts belong to tool calls. The study counts every second above a level; `corrected` adds the moments at
// which memory rises.

import { type Interval, touches, union } from './intervals.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun, Series } from './run.ts'
import type { Group } from './scope.ts'
import { derived, ratio, share, tally } from './statistics.ts'

const LEVEL_MB = 300
const CPU_PERCENT = 30
const RISE_MB = 50
/** A container that starts rises too. */
const AFTER_SECONDS = 5
const FEW_RUNS = 4

interface Within {
  readonly count: number
  readonly inCalls: number
}

interface ModeBursts {
  readonly samples: Within
  readonly level: Within
  readonly cpu: Within
}

export interface Bursts extends Readonly<Record<Mode, ModeBursts>> {
  readonly rises: Within
}

export function burstsOf({ samples, listedCalls }: LoadedRun): Bursts {
  const { epoch, cutMb, averageCpu, clean, rates } = samples
  const calls = union(listedCalls)
  const within = (times: Float64Array, values: Float64Array, least: number): Within => {
    let count = 0
    let inCalls = 0
    for (let at = 0; at < times.length; at++) {
      if (!((values[at] as number) > least)) continue
      const time = times[at] as number
      count++
      if (touches(calls, time, time)) inCalls++
    }
    return { count, inCalls }
  }
  return {
    paper: {
      samples: within(epoch, epoch, Number.NEGATIVE_INFINITY),
      level: within(epoch, cutMb, LEVEL_MB),
      cpu: within(epoch, averageCpu, CPU_PERCENT),
    },
    corrected: {
      samples: within(clean.epoch, clean.epoch, Number.NEGATIVE_INFINITY),
      level: within(clean.epoch, clean.value, LEVEL_MB),
      cpu: within(rates.epoch, rates.value, CPU_PERCENT),
    },
    rises: risesOf(clean, calls),
  }
}

function risesOf({ epoch, value }: Series, calls: readonly Interval[]): Within {
  const settled = (epoch[0] ?? 0) + AFTER_SECONDS
  let count = 0
  let inCalls = 0
  for (let at = 1; at < epoch.length; at++) {
    const now = epoch[at] as number
    const rise = (value[at] as number) - (value[at - 1] as number)
    if (rise <= RISE_MB || now <= settled) continue
    count++
    if (touches(calls, epoch[at - 1] as number, now)) inCalls++
  }
  return { count, inCalls }
}

export const bursts: Question = {
  paper: ({ main }) => main.flatMap((group) => rows(group, 'paper')),
  corrected: ({ main }) => main.flatMap((group) => [...rows(group, 'corrected'), ...correctedRows(group)]),
}

const MEMORY: Readonly<Record<Mode, string>> = {
  paper: 'memory by the study’s cutting parser',
  corrected: 'memory, samples of a container gone left out',
}
const CPU: Readonly<Record<Mode, string>> = { paper: 'CPU as printed', corrected: 'CPU as a rate' }

function added(each: readonly Within[]): Within {
  return {
    count: each.reduce((sum, { count }) => sum + count, 0),
    inCalls: each.reduce((sum, { inCalls }) => sum + inCalls, 0),
  }
}

function rows({ key, label, runs }: Group, mode: Mode): Draft[] {
  const of = (what: keyof ModeBursts) => added(runs.map(({ bursts }) => bursts[mode][what]))
  const inCalls = ({ count, inCalls }: Within) => share(inCalls, count)
  const samples = of('samples')
  const level = of('level')
  const cpu = of('cpu')
  const row = (name: string, unit: string, figure: ReturnType<typeof tally>, definition: string) =>
    draft(`burst.${name}.${key}`, unit, figure, `${definition}, ${label}.`)
  const above = `samples above ${LEVEL_MB} MB (${MEMORY[mode]})`
  const fast = `samples above ${CPU_PERCENT} % (${CPU[mode]})`
  return [
    row(
      'samples',
      'samples',
      tally(samples.count),
      mode === 'paper' ? 'All samples' : 'Samples while the container was there',
    ),
    row('tool_sample_share', '%', inCalls(samples), 'Share of the samples taken while a listed call ran'),
    row('mem_level_count', 'samples', tally(level.count), `How many ${above} there are`),
    row(
      'mem_level_share',
      '%',
      inCalls(level),
      `Share of the ${above} taken while a listed call ran; a level held, not a change`,
    ),
    row(
      'concentration',
      'x',
      derived([inCalls(level), inCalls(samples)], (high, all) => ratio(high!, all!)),
      `burst.mem_level_share.${key} over burst.tool_sample_share.${key}`,
    ),
    row('cpu_count', 'samples', tally(cpu.count), `How many ${fast} there are`),
    row('cpu_share', '%', inCalls(cpu), `Share of the ${fast} taken while a listed call ran`),
  ]
}

function correctedRows({ key, label, runs }: Group): Draft[] {
  const rises = added(runs.map(({ bursts }) => bursts.rises))
  const levels = runs.map(({ bursts }) => bursts.corrected.level.count).sort((one, other) => other - one)
  const total = levels.reduce((sum, count) => sum + count, 0)
  const top = levels.slice(0, FEW_RUNS).reduce((sum, count) => sum + count, 0)
  const rise = `rises of memory by more than ${RISE_MB} MB from one sample to the next, later than ${AFTER_SECONDS} s after the first`
  return [
    draft(
      `burst.rising_edge_count.${key}`,
      'events',
      tally(rises.count),
      `How many ${rise}, there are, ${label}.`,
    ),
    draft(
      `burst.rising_edge_share.${key}`,
      '%',
      share(rises.inCalls, rises.count),
      `Share of the ${rise}, during which a listed call ran, ${label}.`,
    ),
    draft(
      `burst.top4_run_share.${key}`,
      '%',
      share(top, total),
      `Share of the samples above ${LEVEL_MB} MB that come from the ${FEW_RUNS} runs with most of them, ${label}.`,
    ),
  ]
}
