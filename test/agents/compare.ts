// Holds the calls of a record against what really happened. Pure: it judges nothing by itself, thresholds are the
// test's business.
import type { Call, Kind } from '../../cli/record/schema.ts'
import type { Ending } from './expected.ts'
import type { TruthCall } from './truth.ts'

export interface RecordedRun {
  readonly started_epoch_ms: number
  readonly calls: readonly Call[]
}

export interface BoundaryError {
  readonly tool_use_id: string
  /** Recorded less true, in ms; the end is null where the record has none. */
  readonly start_ms: number
  readonly end_ms: number | null
  readonly end_source: TruthCall['end_source']
}

interface Wrong<What> {
  readonly tool_use_id: string
  readonly command: string
  readonly wanted: What
  readonly recorded: What
}

export interface Comparison {
  readonly precision: number
  readonly recall: number
  readonly missing: readonly TruthCall[]
  readonly extra: readonly Call[]
  readonly boundaryErrorsMs: readonly BoundaryError[]
  readonly wrongExit: readonly Wrong<Ending | null>[]
  readonly wrongKind: readonly Wrong<{ guessed: Kind; proven: Kind }>[]
  readonly wrongBackground: readonly Wrong<readonly string[]>[]
  readonly peaks: readonly {
    readonly tool_use_id: string
    readonly own: number
    readonly recorded: number | null
  }[]
  /** Whether just those calls overlap in the record that overlapped in truth. */
  readonly overlapsOk: boolean
  readonly wrongOverlaps: readonly (readonly [one: string, other: string])[]
}

interface Pair {
  readonly truth: TruthCall
  readonly recorded: Call
}

/** A question of order stays open where times are closer than a boundary may be off: `boundaryMs`. */
export function compare(truth: readonly TruthCall[], run: RecordedRun, boundaryMs: number): Comparison {
  const pairs = matched(truth, run)
  const found = new Set(pairs.map((pair) => pair.truth))
  const used = new Set(pairs.map((pair) => pair.recorded))
  const wrongOverlaps = overlapsThatDiffer(pairs, run.started_epoch_ms, boundaryMs)
  return {
    precision: run.calls.length === 0 ? 1 : pairs.length / run.calls.length,
    recall: truth.length === 0 ? 1 : pairs.length / truth.length,
    missing: truth.filter((call) => !found.has(call)),
    extra: run.calls.filter((call) => !used.has(call)),
    boundaryErrorsMs: pairs.map((pair) => boundaryError(pair, run.started_epoch_ms)),
    wrongExit: pairs.flatMap((pair) => differing(pair, pair.truth.expected.ending, endingOf(pair.recorded))),
    wrongKind: pairs.flatMap((pair) => {
      const { guessed, proven } = pair.truth.expected
      const { guessed_kind, kind } = pair.recorded
      return differing(pair, { guessed, proven }, { guessed: guessed_kind, proven: kind })
    }),
    wrongBackground: pairs.flatMap(wrongBackground),
    peaks: pairs.flatMap(({ truth: { tool_use_id, peak_bytes }, recorded }) =>
      peak_bytes === null ? [] : [{ tool_use_id, own: peak_bytes, recorded: recorded.peak_bytes }],
    ),
    overlapsOk: wrongOverlaps.length === 0,
    wrongOverlaps,
  }
}

/** Each true call with the recorded one of the same command that began nearest to it, the nearest pairs first. */
function matched(truth: readonly TruthCall[], { calls, started_epoch_ms }: RecordedRun): Pair[] {
  const candidates = truth.flatMap((call) =>
    calls
      .filter((recorded) => isSameCommand(call, recorded))
      .map((recorded) => ({
        truth: call,
        recorded,
        apart: Math.abs(started_epoch_ms + recorded.start_ms - call.start_epoch_ms),
      })),
  )
  const taken = new Set<TruthCall | Call>()
  const pairs: Pair[] = []
  for (const { truth: call, recorded } of candidates.sort((one, other) => one.apart - other.apart)) {
    if (taken.has(call) || taken.has(recorded)) continue
    taken.add(call).add(recorded)
    pairs.push({ truth: call, recorded })
  }
  return pairs.sort((one, other) => one.truth.start_epoch_ms - other.truth.start_epoch_ms)
}

/** The stages of a pipeline are exec'ed in any order. */
function isSameCommand(truth: TruthCall, recorded: Call): boolean {
  if (recorded.command === truth.command) return true
  if (recorded.command_truncated && recorded.command !== '') return truth.command.startsWith(recorded.command)
  const stages = (command: string) => command.split(' | ').sort().join(' | ')
  return stages(recorded.command) === stages(truth.command)
}

function boundaryError({ truth, recorded }: Pair, started: number): BoundaryError {
  return {
    tool_use_id: truth.tool_use_id,
    start_ms: started + recorded.start_ms - truth.start_epoch_ms,
    end_ms: recorded.end_ms === null ? null : started + recorded.end_ms - truth.end_epoch_ms,
    end_source: truth.end_source,
  }
}

function endingOf({ exit_code, signal }: Call): Ending | null {
  if (signal !== null) return { signal }
  return exit_code === null ? null : { code: exit_code }
}

function differing<What>({ truth, recorded }: Pair, wanted: What, seen: What): Wrong<What>[] {
  if (Bun.deepEquals(wanted, seen)) return []
  return [{ tool_use_id: truth.tool_use_id, command: recorded.command, wanted, recorded: seen }]
}

/** Each process that was left must be one of those expected, and each expected one must be there. */
function wrongBackground({ truth, recorded }: Pair): Wrong<readonly string[]>[] {
  const wanted = truth.expected.background ?? []
  const seen = recorded.background.map(({ argv }) => argv.join(' '))
  const isRight =
    seen.length === wanted.length && wanted.every((part) => seen.some((command) => command.includes(part)))
  return isRight
    ? []
    : [{ tool_use_id: truth.tool_use_id, command: recorded.command, wanted, recorded: seen }]
}

function overlapsThatDiffer(pairs: readonly Pair[], started: number, boundaryMs: number): [string, string][] {
  const wrong: [string, string][] = []
  for (const [at, one] of pairs.entries()) {
    for (const other of pairs.slice(at + 1)) {
      const trueMs = sharedMs(trueInterval(one), trueInterval(other))
      const recordedMs = sharedMs(recordedInterval(one, started), recordedInterval(other, started))
      const isDecided = Math.abs(trueMs) > boundaryMs && Math.abs(recordedMs) > boundaryMs
      if (isDecided && trueMs > 0 !== recordedMs > 0)
        wrong.push([one.truth.tool_use_id, other.truth.tool_use_id])
    }
  }
  return wrong
}

type Interval = readonly [start: number, end: number]

const trueInterval = ({ truth }: Pair): Interval => [truth.start_epoch_ms, truth.end_epoch_ms]

const recordedInterval = ({ recorded }: Pair, started: number): Interval => [
  started + recorded.start_ms,
  started + (recorded.end_ms ?? Number.POSITIVE_INFINITY),
]

/** How long both last together; negative: how long after the one the other began. */
function sharedMs(one: Interval, other: Interval): number {
  return Math.min(one[1], other[1]) - Math.max(one[0], other[0])
}
