// When in a run the agents read, run commands and edit: calls by tenths of the run.

import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import { callsOf, type LoadedRun } from './run.ts'
import { allRuns } from './scope.ts'
import { share, tally } from './statistics.ts'
import type { RunSummary } from './summary.ts'

const TOOLS = ['Read', 'Bash', 'Edit'] as const
const TENTHS = 10
const ALMOST_ONE = 0.999

export type CallsByTenth = Readonly<Record<(typeof TOOLS)[number], readonly number[]>>

export function callsByTenthOf(run: LoadedRun): CallsByTenth {
  const tenths = (tool: string) => {
    const counts = new Array<number>(TENTHS).fill(0)
    const first = run.samples.epoch[0]
    const last = run.samples.epoch.at(-1)
    if (first === undefined || last === undefined || last <= first) return counts
    for (const call of callsOf(run)) {
      if (call.tool !== tool) continue
      const part = Math.min(Math.max((call.start - first) / (last - first), 0), ALMOST_ONE)
      const tenth = Math.floor(part * TENTHS)
      counts[tenth] = (counts[tenth] as number) + 1
    }
    return counts
  }
  return { Read: tenths('Read'), Bash: tenths('Bash'), Edit: tenths('Edit') }
}

export const progress: Question = {
  paper: (scope) => TOOLS.flatMap((tool) => rows(allRuns(scope), tool)),
  corrected: () => [],
}

function rows(runs: readonly RunSummary[], tool: (typeof TOOLS)[number]): Draft[] {
  const counts = Array.from({ length: TENTHS }, (_, tenth) =>
    runs.reduce((total, { callsByTenth }) => total + (callsByTenth[tool][tenth] as number), 0),
  )
  const total = counts.reduce((all, count) => all + count, 0)
  const within = (from: number, to: number) => counts.slice(from, to).reduce((all, count) => all + count, 0)
  const name = tool.toLowerCase()
  const where = 'of the time between a run’s first and last sample, over the valid runs of the main groups'
  return [
    ...counts.map((count, tenth) =>
      draft(
        `decile.${name}.${tenth}.all`,
        'calls',
        tally(count),
        `Calls of ${tool} that begin in tenth ${tenth} (the first is 0) ${where}.`,
      ),
    ),
    draft(
      `decile.${name}.first_30_share.all`,
      '%',
      share(within(0, 3), total),
      `Share of the calls of ${tool} that begin in the first three tenths ${where}.`,
    ),
    draft(
      `decile.${name}.mid_40_80_share.all`,
      '%',
      share(within(4, 8), total),
      `Share of the calls of ${tool} that begin in tenths 4 to 7 ${where}.`,
    ),
  ]
}
