// What a run was doing beside its memory (course.ts): its CPU second by second, and when calls ran.

import { courseOf } from './course.ts'
import { callsOf, type LoadedRun } from './run.ts'

export interface Activity {
  readonly stepSeconds: number
  /** The largest rate in each step, in percent of one core; NaN in a step without one. */
  readonly cpu: Float32Array
  /** Seconds after the first sample, as the course counts them. */
  readonly callStarts: Float32Array
  readonly callEnds: Float32Array
}

export function activityOf(run: LoadedRun): Activity {
  const { clean, rates } = run.samples
  const { stepSeconds, mb } = courseOf(run)
  const begin = clean.epoch[0] ?? 0
  const cpu = new Float32Array(mb.length).fill(Number.NaN)
  for (let at = 0; at < rates.epoch.length; at++) {
    const step = Math.floor(((rates.epoch[at] as number) - begin) / stepSeconds)
    if (step < 0 || step >= cpu.length) continue
    const rate = rates.value[at] as number
    if (Number.isNaN(cpu[step]) || rate > (cpu[step] as number)) cpu[step] = rate
  }
  const calls = callsOf(run)
  return {
    stepSeconds,
    cpu,
    callStarts: Float32Array.from(calls, ({ start }) => start - begin),
    callEnds: Float32Array.from(calls, ({ end }) => end - begin),
  }
}
