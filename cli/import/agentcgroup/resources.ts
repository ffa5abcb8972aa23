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

export interface Resources {
  readonly samples: Samples
  readonly summary: Summary | null
}

interface Sample {
  readonly epoch: number
  readonly cpu: number
  readonly mb: number
  readonly regexMb: number
  readonly cutMb: number
  readonly hostMb: number
}

export function readResources(place: Place): Resources {
  const document = readJson(place)
  if (!isFields(document)) {
    if (document !== null) place.losses.note(place.file, null, `is ${kindOf(document)}, not an object`)
    return { samples: columns([]), summary: null }
  }
  const reader = new FieldReader(document, place.file, place.losses)
  const samples = reader.list('samples').flatMap((each) => readSample(each) ?? [])
  noteBackwardClock(samples, place)
  return { samples: columns(samples), summary: readSummary(reader.object('summary')) }
}

function readSample(reader: FieldReader): Sample | null {
  const epoch = reader.number('epoch', EPOCH_SECONDS)
  const memory = readMemory(reader)
  const cpu = readPercent(reader)
  if (epoch === null || memory === null || cpu === null) {
    reader.note('it', 'is left out: it lacks its time, memory or CPU')
    return null
  }
  return { epoch, cpu, ...memory }
}

/** `117.65%` */
function readPercent(reader: FieldReader): number | null {
  const text = reader.text('cpu_percent')
  if (text === null) return null
  const value = /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN
  if (value >= CPU_PERCENT.least && value <= CPU_PERCENT.most) return value
  reader.note('cpu_percent', Number.isNaN(value) ? 'is no percentage' : OUT_OF_BOUNDS)
  return null
}

type Memory = Omit<Sample, 'epoch' | 'cpu'>

/** What was read before: the column has few different values, and one that is read again is not parsed again. */
const memories = new Map<string, Memory>()
const MOST_MEMORIES = 10_000

/** `195.7MB / 134.5GB` */
function readMemory(reader: FieldReader): Memory | null {
  const text = reader.text('mem_usage')
  if (text === null) return null
  const known = memories.get(text)
  if (known) return known
  const memory = parseMemory(text, reader)
  if (memory && memories.size < MOST_MEMORIES) memories.set(text, memory)
  return memory
}

function parseMemory(text: string, reader: FieldReader): Memory | null {
  const [used = '', host = ''] = text.split('/', 2).map((part) => part.trim())
  const mb = decimalMb(used)
  const hostMb = decimalMb(host)
  if (mb === null || hostMb === null || mb > MEGABYTES.most || hostMb > MEGABYTES.most) {
    reader.note('mem_usage', mb === null || hostMb === null ? 'is no pair of amounts' : OUT_OF_BOUNDS)
    return null
  }
  const isGone = text.trim() === GONE
  return { mb: isGone ? Number.NaN : mb, regexMb: regexMb(used), cutMb: cutMb(used), hostMb }
}

/** What needs an interval passes over such pairs; everything else takes the samples as they come. */
function noteBackwardClock(samples: readonly Sample[], { file, losses }: Place): void {
  samples.forEach(({ epoch }, at) => {
    const before = samples[at - 1]
    if (before && epoch < before.epoch) losses.note(file, `samples[${at}]`, 'the clock went backwards')
  })
}

function columns(samples: readonly Sample[]): Samples {
  const column = (of: (sample: Sample) => number) => Float64Array.from(samples, of)
  const epoch = column((sample) => sample.epoch)
  const averageCpu = column((sample) => sample.cpu)
  return {
    epoch,
    averageCpu,
    mb: column((sample) => sample.mb),
    regexMb: column((sample) => sample.regexMb),
    cutMb: column((sample) => sample.cutMb),
    rates: cpuRates(epoch, averageCpu),
    hostMb: samples.length === 0 ? null : samples.reduce((most, { hostMb }) => Math.max(most, hostMb), 0),
  }
}

function readSummary(reader: FieldReader | null): Summary | null {
  if (reader === null) return null
  const memory = reader.object('memory_mb')
  const cpu = reader.object('cpu_percent')
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
