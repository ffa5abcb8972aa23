// One run as the questions see it, wherever it was read from: columns of samples, calls, and a few facts. It lives
// only until its summary is made (summary.ts), so that the number of runs does not show in memory.
//
// Memory is in MB of 10^6 bytes, time in seconds of Unix time, CPU in percent of one core.

/** Values in order of time. */
export interface Series {
  readonly epoch: Float64Array
  readonly value: Float64Array
}

export interface Samples {
  /** When every sample was taken, in order. */
  readonly epoch: Float64Array
  /** CPU as `podman stats` prints it: the average since the container started. */
  readonly averageCpu: Float64Array
  /** Memory as two of the study's scripts read it; as it was, where nothing was read from text. */
  readonly regexMb: Float64Array
  readonly cutMb: Float64Array
  /** Memory as it was, of the samples that were taken while the container was there. */
  readonly clean: Series
  /** CPU over the time since the sample before. */
  readonly rates: CpuRates
  /** The machine's memory; null if it is not known. */
  readonly hostMb: number | null
}

export interface CpuRates extends Series {
  /** Memory at the same moment; NaN if the container was gone. */
  readonly mb: Float64Array
}

/** A call with both its ends. */
export interface Call {
  readonly tool: string
  readonly start: number
  readonly end: number
  /** The command line, of tools that have one. */
  readonly command: string
  /** Made by a sub-agent. */
  readonly isSidechain: boolean
}

/** What the collector itself summed up. */
export interface Summary {
  readonly sampleCount: number | null
  readonly seconds: number | null
  readonly memoryMb: { readonly max: number | null; readonly average: number | null }
  readonly cpuPercent: { readonly max: number | null; readonly average: number | null }
}

export interface Trace {
  readonly calls: readonly Call[]
  /** Records of the model, each block of a message apart. */
  readonly records: { readonly count: number; readonly outputTokens: number }
  /** Messages of the model, each once. */
  readonly messages: { readonly count: number; readonly outputTokens: number }
  /** Records by model, of the agent itself and of its sub-agents. */
  readonly models: { readonly main: ModelCounts; readonly sidechain: ModelCounts }
}

export type ModelCounts = Readonly<Record<string, number>>

export interface Attempt {
  readonly name: string
  readonly seconds: number | null
}

export interface LoadedRun {
  readonly group: string
  readonly task: string
  readonly samples: Samples
  readonly summary: Summary | null
  /** Calls as listed by the collector, in the order of its list. */
  readonly listedCalls: readonly Call[]
  readonly trace: Trace | null
  /** From the container's start to its end. */
  readonly runSeconds: number | null
  /** In which the agent was at work: from the trace's first record to its last, or the whole run without a trace. */
  readonly activeSeconds: number | null
  /** Preparing the image, before the container. */
  readonly imagePreparationSeconds: number | null
  readonly image: { readonly bytes: number | null; readonly mib: number | null } | null
  readonly hasSucceeded: boolean
  /** Every attempt at the task; the last one is this run. */
  readonly attempts: readonly Attempt[]
}

/** The trace's calls, or the collector's list where the trace has none. */
export function callsOf({ trace, listedCalls }: LoadedRun): readonly Call[] {
  return trace !== null && trace.calls.length > 0 ? trace.calls : listedCalls
}

export function callSeconds({ start, end }: Call): number {
  return Math.max(0, end - start)
}
