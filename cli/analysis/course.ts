// A run's memory in real time, for whoever lets runs share a machine (simulate/).

import type { LoadedRun } from './run.ts'

export interface Course {
  /** How long a step is; runs of more than MOST_STEPS seconds have longer ones. */
  readonly stepSeconds: number
  /** The largest memory in each step; a step without a sample is as the one before. */
  readonly mb: Float32Array
}

const MOST_STEPS = 3600

export function courseOf({ samples }: LoadedRun): Course {
  const { epoch, value } = samples.clean
  const begin = epoch[0] ?? 0
  const seconds = (epoch.at(-1) ?? 0) - begin
  const stepSeconds = Math.max(1, Math.ceil(seconds / MOST_STEPS))
  const mb = new Float32Array(epoch.length === 0 ? 0 : Math.floor(seconds / stepSeconds) + 1).fill(Number.NaN)
  for (let at = 0; at < epoch.length; at++) {
    const step = Math.floor(((epoch[at] as number) - begin) / stepSeconds)
    const before = mb[step] as number
    const now = value[at] as number
    if (Number.isNaN(before) || now > before) mb[step] = now
  }
  for (let step = 1; step < mb.length; step++) if (Number.isNaN(mb[step])) mb[step] = mb[step - 1] as number
  return { stepSeconds, mb }
}

export function courseSeconds({ stepSeconds, mb }: Course): number {
  return stepSeconds * mb.length
}

/** Memory at a second of the run. */
export function mbAt({ stepSeconds, mb }: Course, second: number): number {
  return mb[Math.floor(second / stepSeconds)] as number
}
