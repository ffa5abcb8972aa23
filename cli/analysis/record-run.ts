// A run of acg's own record as the questions see it. Its memory was counted in bytes and its CPU as a rate, so that
// what the study's parsers would have read is what there was.

import type { TranscriptCall } from '../calls/agents/transcript.ts'
import type { Result, Sample } from '../record/schema.ts'
import { average, maximum } from './columns.ts'
import type { Call, LoadedRun, Samples, Summary, Trace } from './run.ts'

const BYTES_PER_MB = 1e6
/** Memory is rounded to what podman prints of it at these sizes, which keeps pooled distributions small. */
const STEPS_PER_MB = 10

export interface RecordedRun {
  readonly group: string
  readonly task: string
  readonly result: Result
  readonly samples: readonly Sample[]
  /** Calls that the agent carried out without a process. */
  readonly unseen: readonly TranscriptCall[]
  /** What the agent's own transcripts say; null where there are none. */
  readonly transcript: Omit<Trace, 'calls'> | null
}

export function recordedRun({ group, task, result, samples, unseen, transcript }: RecordedRun): LoadedRun {
  const calls = callsOf(result, unseen)
  const columns = samplesOf(samples, result.started_epoch_ms)
  return {
    group,
    task,
    samples: columns,
    summary: summaryOf(columns),
    listedCalls: calls,
    trace: { ...(transcript ?? NO_TRANSCRIPT), calls },
    runSeconds: result.duration_ms / 1000,
    activeSeconds: (result.duration_ms - result.phases.startup_ms) / 1000,
    imagePreparationSeconds: null,
    image: null,
    hasSucceeded: result.ending === 'exited' && result.exit_code === 0,
    attempts: [],
  }
}

const NO_TRANSCRIPT: Omit<Trace, 'calls'> = {
  records: { count: 0, outputTokens: 0 },
  messages: { count: 0, outputTokens: 0 },
  models: { main: {}, sidechain: {} },
}

/** A call with a process is one of Bash: whatever the agent names the tool, it executes a command. */
function callsOf(
  { calls, started_epoch_ms: started, duration_ms: duration }: Result,
  unseen: readonly TranscriptCall[],
): Call[] {
  const end = started + duration
  const seen = calls.map((call) => ({
    tool: 'Bash',
    start: (started + call.start_ms) / 1000,
    end: (call.end_ms === null ? end : started + call.end_ms) / 1000,
    command: call.command,
    isSidechain: false,
  }))
  const others = unseen.map((call) => ({
    tool: call.tool,
    start: call.start_epoch_ms / 1000,
    end: (call.end_epoch_ms ?? end) / 1000,
    command: '',
    isSidechain: false,
  }))
  return [...seen, ...others].sort((one, other) => one.start - other.start)
}

function samplesOf(samples: readonly Sample[], startedEpochMs: number): Samples {
  const known = samples.filter((sample) => sample.memory_bytes !== null)
  const epoch = Float64Array.from(known, ({ time_ms }) => (startedEpochMs + time_ms) / 1000)
  const mb = Float64Array.from(
    known,
    ({ memory_bytes: bytes }) => Math.round(((bytes as number) / BYTES_PER_MB) * STEPS_PER_MB) / STEPS_PER_MB,
  )
  const rated = known.flatMap(({ cpu_percent: percent }, at) => (percent === null ? [] : [{ percent, at }]))
  return {
    epoch,
    averageCpu: averageCpu(known, epoch),
    regexMb: mb,
    cutMb: mb,
    clean: { epoch, value: mb },
    rates: {
      epoch: Float64Array.from(rated, ({ at }) => epoch[at] as number),
      value: Float64Array.from(rated, ({ percent }) => percent),
      mb: Float64Array.from(rated, ({ at }) => mb[at] as number),
    },
    hostMb: null,
  }
}

/** As cpu.ts takes it where it is not known. */
const AGE_AT_FIRST_SAMPLE = 0.25

/** What `podman stats` would print: CPU time so far over the container's age. */
function averageCpu(samples: readonly Sample[], epoch: Float64Array): Float64Array {
  let used = 0
  return epoch.map((time, at) => {
    if (at === 0) return 0
    used += ((samples[at]?.cpu_percent ?? 0) / 100) * (time - (epoch[at - 1] as number))
    return (100 * used) / (time - (epoch[0] as number) + AGE_AT_FIRST_SAMPLE)
  })
}

function summaryOf({ epoch, averageCpu, clean }: Samples): Summary {
  return {
    sampleCount: epoch.length,
    seconds: epoch.length > 0 ? (epoch.at(-1) as number) - (epoch[0] as number) : null,
    memoryMb: { max: maximum(clean.value), average: average(clean.value) },
    cpuPercent: { max: maximum(averageCpu), average: average(averageCpu) },
  }
}
