// resources.json: one sample a second of `podman stats`, and the collector's own summary of them.

import type { Samples, Summary } from '../../analysis/run.ts'
import {
  COUNT,
  CPU_PERCENT,
  EPOCH_SECONDS,
  FieldReader,
  isFields,
  MEGABYTES,
  OUT_OF_BOUNDS,
  SECONDS,
} from '../fields.ts'
import { type Place, readJson } from '../json-file.ts'
import { kindOf } from '../losses.ts'
import { cpuRates } from './cpu-rates.ts'
import { cutMb, decimalMb, GONE, regexMb } from './memory-text.ts'
import { isSteady, steadyIndices } from './steady-clock.ts'

export interface Resources {
  readonly samples: Samples
  readonly summary: Summary | null
}

interface Memory {
  readonly mb: number
  readonly regexMb: number
  readonly cutMb: number
  readonly hostMb: number
}

interface Sample {
  readonly epoch: number
  readonly cpu: number
  readonly memory: Memory
}

export function readResources(place: Place): Resources {
  const document = readJson(place)
  if (!isFields(document)) {
    if (document !== null) place.losses.note(place.file, null, `is ${kindOf(document)}, not an object`)
    return { samples: columns([]), summary: null }
  }
  const reader = new FieldReader(document, place.file, place.losses)
  reader.expect('samples', 'summary')
  const samples = reader.list('samples').flatMap((each) => readSample(each) ?? [])
  const inOrder = steady(samples, place)
  noteGaps(inOrder, place)
  return { samples: columns(inOrder), summary: readSummary(reader.object('summary')) }
}

function readSample(reader: FieldReader): Sample | null {
  const epoch = reader.number('epoch', EPOCH_SECONDS)
  const memory = parsedOnce(memories, reader, 'mem_usage', parseMemory)
  const cpu = parsedOnce(percentages, reader, 'cpu_percent', parsePercentage)
  if (epoch !== null && memory !== null && cpu !== null) return { epoch, cpu, memory }
  reader.note('it', 'is left out: it lacks its time, memory or CPU')
  return null
}

/** Texts that were read before: the columns have few different ones. */
const memories = new Map<string, Memory>()
const percentages = new Map<string, number>()
const MOST_REMEMBERED = 10_000

function parsedOnce<Value>(
  known: Map<string, Value>,
  reader: FieldReader,
  name: string,
  parse: (text: string) => Value | string,
): Value | null {
  const text = reader.text(name)
  if (text === null) return null
  const before = known.get(text)
  if (before !== undefined) return before
  const value = parse(text)
  if (typeof value === 'string') {
    reader.note(name, value)
    return null
  }
  if (known.size < MOST_REMEMBERED) known.set(text, value)
  return value
}

/** `117.65%`; what is wrong with it if it is none. */
function parsePercentage(text: string): number | string {
  if (!/^\d+(\.\d+)?%$/.test(text)) return 'is no percentage'
  const value = Number(text.slice(0, -1))
  return value <= CPU_PERCENT.most ? value : OUT_OF_BOUNDS
}

/** `195.7MB / 134.5GB`; what is wrong with it if it is none. */
function parseMemory(text: string): Memory | string {
  const [used = '', host = ''] = text.split('/', 2).map((part) => part.trim())
  const mb = decimalMb(used)
  const hostMb = decimalMb(host)
  if (mb === null || hostMb === null) return 'is no pair of amounts'
  if (mb > MEGABYTES.most || hostMb > MEGABYTES.most) return OUT_OF_BOUNDS
  const isGone = text.trim() === GONE
  return { mb: isGone ? Number.NaN : mb, regexMb: regexMb(used), cutMb: cutMb(used), hostMb }
}

/** Everything that looks at samples counts on time that does not go backwards. */
function steady(samples: readonly Sample[], { file, losses }: Place): readonly Sample[] {
  const times = samples.map(({ epoch }) => epoch)
  if (isSteady(times)) return samples
  const kept = new Set(steadyIndices(times))
  return samples.filter((_, at) => {
    if (!kept.has(at)) losses.note(file, `samples[${at}]`, 'is left out: the clock went backwards')
    return kept.has(at)
  })
}

/** The collector looked every second; a machine that slept, or a wrong clock, leaves a gap. */
const LONGEST_GAP_SECONDS = 3600

function noteGaps(samples: readonly Sample[], { file, losses }: Place): void {
  for (let at = 1; at < samples.length; at++) {
    const seconds = (samples[at] as Sample).epoch - (samples[at - 1] as Sample).epoch
    if (seconds > LONGEST_GAP_SECONDS)
      losses.note(file, `samples[${at}]`, 'is more than an hour after the one before')
  }
}

function columns(samples: readonly Sample[]): Samples {
  const epoch = new Float64Array(samples.length)
  const averageCpu = new Float64Array(samples.length)
  const mb = new Float64Array(samples.length)
  const regexMb = new Float64Array(samples.length)
  const cutMb = new Float64Array(samples.length)
  let hostMb: number | null = null
  for (let at = 0; at < samples.length; at++) {
    const sample = samples[at] as Sample
    epoch[at] = sample.epoch
    averageCpu[at] = sample.cpu
    mb[at] = sample.memory.mb
    regexMb[at] = sample.memory.regexMb
    cutMb[at] = sample.memory.cutMb
    hostMb = Math.max(hostMb ?? 0, sample.memory.hostMb)
  }
  const isThere = (_: number, at: number) => !Number.isNaN(mb[at])
  return {
    epoch,
    averageCpu,
    regexMb,
    cutMb,
    clean: { epoch: epoch.filter(isThere), value: mb.filter(isThere) },
    rates: cpuRates(epoch, averageCpu, mb),
    hostMb,
  }
}

function readSummary(reader: FieldReader | null): Summary | null {
  if (reader === null) return null
  const memory = reader.object('memory_mb')
  const cpu = reader.object('cpu_percent')
  reader.expect('sample_count', 'duration_seconds', 'memory_mb', 'cpu_percent')
  memory?.expect('max', 'avg')
  cpu?.expect('max', 'avg')
  return {
    sampleCount: reader.number('sample_count', COUNT),
    seconds: reader.number('duration_seconds', SECONDS),
    memoryMb: {
      max: memory?.number('max', MEGABYTES) ?? null,
      average: memory?.number('avg', MEGABYTES) ?? null,
    },
    cpuPercent: {
      max: cpu?.number('max', CPU_PERCENT) ?? null,
      average: cpu?.number('avg', CPU_PERCENT) ?? null,
    },
  }
}
