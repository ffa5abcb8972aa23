// The figures in the order of the study, the simulation's last.

import { breakdown } from './breakdown.ts'
import { changes } from './changes.ts'
import { execution } from './execution.ts'
import type { Figure, Measured } from './figure.ts'
import { manyRuns } from './many-runs.ts'
import { memory } from './memory.ts'
import { pattern } from './pattern.ts'
import { provisioning } from './provisioning.ts'
import { timeSeries } from './time-series.ts'

export function figuresOf(from: Measured): Figure[] {
  return [
    execution(from),
    breakdown(from),
    pattern(from),
    memory(from),
    ...timeSeries(from),
    changes(from),
    provisioning(from),
    manyRuns(from),
  ]
}
