// What is kept of a run once it has been read: what each question needs, and no samples.

import { type Activity, activityOf } from './activity.ts'
import { type Baseline, baselineOf } from './baseline.ts'
import { type CategoryUse, categoryUseOf } from './bash-categories.ts'
import { type Bursts, burstsOf } from './bursts.ts'
import { type Changes, changesOf } from './changes.ts'
import { type Correlations, correlationsOf } from './correlations.ts'
import { type Course, courseOf } from './course.ts'
import { type CpuUse, cpuUseOf } from './cpu.ts'
import { type Durations, durationsOf } from './durations.ts'
import { modelsOf } from './models.ts'
import { type Loads, loadsOf } from './multiplexing.ts'
import { type Excursion, excursionOf } from './pilot.ts'
import { type CallsByTenth, callsByTenthOf } from './progress.ts'
import { type Demand, demandOf } from './provisioning.ts'
import { type Retries, retriesOf } from './retries.ts'
import type { LoadedRun } from './run.ts'
import { type Spikes, spikesOf } from './spikes.ts'
import { type ToolSeconds, toolSecondsOf } from './time-shares.ts'
import { type ToolUse, toolUseOf } from './tools.ts'
import { type Trajectory, trajectoryOf } from './trajectory.ts'

export interface RunSummary
  extends Pick<LoadedRun, 'group' | 'task' | 'image' | 'hasSucceeded' | 'attempts'> {
  /** What the collector itself summed up. */
  readonly collected: LoadedRun['summary']
  readonly durations: Durations
  readonly models: ReturnType<typeof modelsOf>
  readonly toolSeconds: ToolSeconds
  readonly toolUse: ToolUse
  readonly categoryUse: CategoryUse
  readonly callsByTenth: CallsByTenth
  readonly cpuUse: CpuUse
  readonly baseline: Baseline
  readonly trajectory: Trajectory
  readonly spikes: Spikes
  readonly bursts: Bursts
  readonly changes: Changes
  readonly correlations: Correlations
  readonly retries: Retries
  readonly demand: Demand
  readonly loads: Loads
  /** Second by second; null where nobody will draw or pack the run. */
  readonly seconds: Seconds | null
  readonly excursion: Excursion
}

export interface Seconds {
  readonly course: Course
  readonly activity: Activity
}

/** `withSeconds`: it is as large as a third of everything else. */
export function summarize(run: LoadedRun, withSeconds: boolean): RunSummary {
  const { group, task, image, hasSucceeded, attempts } = run
  return {
    group,
    task,
    image,
    hasSucceeded,
    attempts,
    collected: run.summary,
    durations: durationsOf(run),
    models: modelsOf(run),
    toolSeconds: toolSecondsOf(run),
    toolUse: toolUseOf(run),
    categoryUse: categoryUseOf(run),
    callsByTenth: callsByTenthOf(run),
    cpuUse: cpuUseOf(run),
    baseline: baselineOf(run),
    trajectory: trajectoryOf(run),
    spikes: spikesOf(run),
    bursts: burstsOf(run),
    changes: changesOf(run),
    correlations: correlationsOf(run),
    retries: retriesOf(run),
    demand: demandOf(run),
    loads: loadsOf(run),
    seconds: withSeconds ? { course: courseOf(run), activity: activityOf(run) } : null,
    excursion: excursionOf(run),
  }
}
