// Every row of a report, from the runs' summaries.

import { makeRoomFor } from '../garbage.ts'
import { baseline } from './baseline.ts'
import { bashCategories } from './bash-categories.ts'
import { bursts } from './bursts.ts'
import { changes } from './changes.ts'
import { correlations } from './correlations.ts'
import { cpu } from './cpu.ts'
import { durations } from './durations.ts'
import { images } from './images.ts'
import { models } from './models.ts'
import { multiplexing } from './multiplexing.ts'
import { pilot } from './pilot.ts'
import { progress } from './progress.ts'
import { provisioning } from './provisioning.ts'
import type { Question } from './questions.ts'
import { retries } from './retries.ts'
import { type Mode, type Row, rowOf } from './row.ts'
import { allRuns, type Scope } from './scope.ts'
import { spikes } from './spikes.ts'
import { tasks } from './tasks.ts'
import { timeShares } from './time-shares.ts'
import { tools } from './tools.ts'
import { trajectory } from './trajectory.ts'

export interface Section {
  readonly title: string
  readonly question: Question
}

/** In the order of the study. */
export const SECTIONS: readonly Section[] = [
  { title: 'Runs', question: tasks },
  { title: 'Models', question: models },
  { title: 'Time', question: durations },
  { title: 'Start-up, tools and thinking', question: timeShares },
  { title: 'Tools', question: tools },
  { title: 'What Bash is used for', question: bashCategories },
  { title: 'Calls over the run', question: progress },
  { title: 'CPU', question: cpu },
  { title: 'Images', question: images },
  { title: 'Memory at rest', question: baseline },
  { title: 'Memory over the run', question: trajectory },
  { title: 'Rises during Bash calls', question: spikes },
  { title: 'Bursts', question: bursts },
  { title: 'Changes', question: changes },
  { title: 'Correlations', question: correlations },
  { title: 'Retries', question: retries },
  { title: 'Provisioning', question: provisioning },
  { title: 'Many runs on one machine', question: multiplexing },
  { title: 'The pilot set', question: pilot },
]

export interface SectionRows {
  readonly title: string
  readonly rows: readonly Row[]
}

/** A question makes a column or two of all runs for each of its rows. */
const BYTES_OF_A_RUN = 700

export function sectionRows(scope: Scope, mode: Mode): SectionRows[] {
  const runs = allRuns(scope).length
  return SECTIONS.map(({ title, question }) => {
    makeRoomFor(runs * BYTES_OF_A_RUN)
    return { title, rows: question[mode](scope).map((each) => rowOf(each, mode)) }
  })
}

export function reportRows(scope: Scope, mode: Mode): Row[] {
  return sectionRows(scope, mode).flatMap(({ rows }) => rows)
}
