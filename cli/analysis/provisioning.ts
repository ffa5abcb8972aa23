// How far a run's peak stands above its average, and how many runs a machine holds by the one or the other.

import { average, lifeCpu, maximum } from './columns.ts'
import type { Question } from './questions.ts'
import { type Draft, draft, type Mode } from './row.ts'
import type { LoadedRun } from './run.ts'
import { allRuns, type Group, type Scope } from './scope.ts'
import { derived, type Figure, largest, type Maybe, mean, ratio, smallest, variation } from './statistics.ts'
import type { RunSummary } from './summary.ts'

/** The study's machine. */
const PAPER_MB = 128 * 1024

interface Level {
  readonly peak: Maybe
  readonly average: Maybe
}

export interface Demand {
  /** By the study's cutting parser. */
  readonly cut: Level
  /** While the container was there. */
  readonly memory: Level
  readonly cpu: Level
  readonly hostMb: Maybe
}

export function demandOf({ samples }: LoadedRun): Demand {
  const clean = samples.clean.value
  return {
    cut: { peak: maximum(samples.cutMb), average: average(samples.cutMb) },
    memory: { peak: maximum(clean), average: average(clean) },
    cpu: { peak: maximum(samples.rates.value), average: lifeCpu(samples) },
    hostMb: samples.hostMb,
  }
}

export const provisioning: Question = {
  paper: (scope) => [...scope.main.flatMap(paperRows), ...paperCapacity(scope)],
  corrected: (scope) => [...scope.main.flatMap(correctedRows), ...correctedCapacity(scope)],
}

function ratios({ key, label, runs }: Group, mode: Mode): Draft[] {
  const memory = runs.map((run) => over(memoryLevel(run, mode)))
  const cpu = mean(runs.map((run) => over(cpuLevel(run, mode))))
  const memoryWords =
    mode === 'paper' ? 'as the collector summed both up' : 'of samples while the container was there'
  const cpuWords =
    mode === 'paper'
      ? 'both of CPU as printed, as the collector summed it up'
      : 'the largest CPU rate over CPU time by life'
  return [
    draft(
      `overprovision.cpu_mean.${key}`,
      'x',
      cpu,
      `Mean over ${label} of a run's CPU peak over its average: ${cpuWords}.`,
    ),
    draft(
      `overprovision.cpu_utilisation.${key}`,
      '%',
      derived([cpu], (value) => ratio(100, value)),
      `100 over overprovision.cpu_mean.${key}: how much of a CPU limit at the peak is used.`,
    ),
    draft(
      `overprovision.mem_mean.${key}`,
      'x',
      mean(memory),
      `Mean over ${label} of a run's memory peak over its average, ${memoryWords}.`,
    ),
    draft(
      `overprovision.mem_max.${key}`,
      'x',
      largest(memory),
      `Largest over ${label} of a run's memory peak over its average, ${memoryWords}.`,
    ),
  ]
}

const over = ({ peak, average }: Level): Maybe => ratio(peak, average)

/** Memory of a run as its rows have it. */
export function memoryLevel({ collected, demand }: RunSummary, mode: Mode): Level {
  if (mode === 'corrected') return demand.memory
  return { peak: collected?.memoryMb.max ?? null, average: collected?.memoryMb.average ?? null }
}

function cpuLevel({ collected, demand }: RunSummary, mode: Mode): Level {
  if (mode === 'corrected') return demand.cpu
  return { peak: collected?.cpuPercent.max ?? null, average: collected?.cpuPercent.average ?? null }
}

function paperRows(group: Group): Draft[] {
  const { key, label, runs } = group
  const peaks = runs.map((run) => memoryLevel(run, 'paper').peak)
  const averages = mean(runs.map((run) => memoryLevel(run, 'paper').average))
  const row = (name: string, unit: string, figure: Figure, word: string) =>
    draft(`peak_mem.${name}.${key}`, unit, figure, `${word} of the collector's peak memory, over ${label}.`)
  return [
    ...ratios(group, 'paper'),
    row('min', 'MB', smallest(peaks), 'Least'),
    row('max', 'MB', largest(peaks), 'Largest'),
    row('mean', 'MB', mean(peaks), 'Mean'),
    row('cv', '%', variation(peaks), 'Sample standard deviation over mean'),
    draft(
      `overprovision.peak_waste.${key}`,
      '%',
      derived([averages, largest(peaks)], (used, limit) => waste({ peak: limit!, average: used! })),
      `What goes unused if each of ${label} is given the largest peak of all: 100 less mean average over largest peak, as the collector summed them up.`,
    ),
  ]
}

function waste(level: Level): Maybe {
  const used = ratio(level.average, level.peak)
  return used === null ? null : 100 * (1 - used)
}

function correctedRows(group: Group): Draft[] {
  const { key, label, runs } = group
  return [
    ...ratios(group, 'corrected'),
    draft(
      `overprovision.peak_waste.${key}`,
      '%',
      mean(runs.map(({ demand }) => waste(demand.memory))),
      `What goes unused if each of ${label} is given its own peak: mean of 100 less average over peak, samples of a container gone left out.`,
    ),
  ]
}

const MAIN = 'over the valid runs of the main groups'

function paperCapacity(scope: Scope): Draft[] {
  const runs = allRuns(scope)
  const peaks = runs.map(({ demand }) => demand.cut.peak)
  const averages = mean(runs.map(({ demand }) => demand.cut.average))
  const instances = (each: Figure) =>
    derived([each], (mb) => {
      const value = ratio(PAPER_MB, mb)
      return value === null ? null : Math.round(value)
    })
  const parser = 'memory by the study’s cutting parser'
  return [
    draft(
      'capacity.by_peak_128gb.all',
      'instances',
      instances(largest(peaks)),
      `128 × 1024 MB over the largest sample ${MAIN}, rounded; ${parser}.`,
    ),
    draft(
      'capacity.by_avg_128gb.all',
      'instances',
      instances(averages),
      `128 × 1024 MB over the mean of the runs' averages ${MAIN}, rounded; ${parser}.`,
    ),
    draft('capacity.avg_mem_mb.all', 'MB', averages, `Mean of the runs' average memory ${MAIN}; ${parser}.`),
    draft(
      'capacity.mean_peak_mb.all',
      'MB',
      mean(peaks),
      `Mean of the runs' largest sample ${MAIN}; ${parser}.`,
    ),
  ]
}

function correctedCapacity(scope: Scope): Draft[] {
  const runs = allRuns(scope)
  const peaks = runs.map(({ demand }) => demand.memory.peak)
  const averages = mean(runs.map(({ demand }) => demand.memory.average))
  const host = largest(runs.map(({ demand }) => demand.hostMb))
  const instances = (each: Figure) =>
    derived([each, host], (mb, hostMb) => {
      const value = ratio(hostMb!, mb!)
      return value === null ? null : Math.floor(value)
    })
  const clean = 'samples of a container gone left out'
  return [
    draft(
      'capacity.host_mem_mb.all',
      'MB',
      host,
      `The most memory that a sample says the machine has, ${MAIN}.`,
    ),
    draft(
      'capacity.by_peak_128gb.all',
      'instances',
      instances(largest(peaks)),
      `capacity.host_mem_mb.all over the largest sample ${MAIN}, rounded down; ${clean}.`,
    ),
    draft(
      'capacity.by_avg_128gb.all',
      'instances',
      instances(averages),
      `capacity.host_mem_mb.all over the mean of the runs' averages ${MAIN}, rounded down; ${clean}.`,
    ),
    draft('capacity.avg_mem_mb.all', 'MB', averages, `Mean of the runs' average memory ${MAIN}; ${clean}.`),
    draft(
      'capacity.mean_peak_mb.all',
      'MB',
      mean(peaks),
      `Mean of the runs' largest sample ${MAIN}; ${clean}.`,
    ),
  ]
}
