// Tells an agent's own polling from its model's commands, where no table knows the agent.
//
// An agent gives its model a shell; what it execs for itself it execs without one. The same words, again and
// again at even intervals, are a poll. The first few look like calls until then.

import { basename } from 'node:path'
import type { ExecEvent } from '../watch/process-event.ts'
import { SHELL } from './kinds.ts'

const LEAST_REPEATS = 4
const MOST_SPREAD = 0.5
/** A busy machine delays a few of an agent's polls, and hurries those that catch up. */
const EVEN_SHARE = 0.8

/** How many of the latest starts are looked at. */
const LATEST = 32

interface Repeated<Process> {
  /** What was added before it was known to be a poll. */
  readonly processes: Process[]
  readonly startsMs: number[]
  polls: boolean
}

export class PollDetector<Process> {
  readonly #repeated = new Map<string, Repeated<Process>>()

  /** Whether it is known to be one: then it is not to be added again. */
  isPoll(exec: ExecEvent): boolean {
    return this.#repeated.get(wordsOf(exec))?.polls ?? false
  }

  /** Notes an exec directly under the agent; null if it is no poll, else those before it that were taken for none. */
  add(process: Process, exec: ExecEvent): Process[] | null {
    if (SHELL.test(basename(exec.argv[0] ?? exec.file ?? ''))) return null
    const key = wordsOf(exec)
    const seen = this.#repeated.get(key) ?? { processes: [], startsMs: [], polls: false }
    this.#repeated.set(key, seen)
    seen.startsMs.push(exec.time_ms)
    if (seen.startsMs.length > LATEST) seen.startsMs.shift()
    seen.polls = seen.startsMs.length >= LEAST_REPEATS && areEven(seen.startsMs)
    if (seen.polls) return seen.processes.splice(0)
    seen.processes.push(process)
    return null
  }
}

function wordsOf({ file, argv }: ExecEvent): string {
  return `${file}\0${argv.join('\0')}`
}

/** Whether most intervals differ from the median one by half of it at most. */
function areEven(timesMs: readonly number[]): boolean {
  const gaps = timesMs.slice(1).map((time, at) => time - (timesMs[at] as number))
  const median = [...gaps].sort((a, b) => a - b)[gaps.length >> 1] as number
  const even = gaps.filter((gap) => Math.abs(gap - median) <= median * MOST_SPREAD)
  return even.length >= gaps.length * EVEN_SHARE
}
