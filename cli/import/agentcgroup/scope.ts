// The study's runs in its own groups.

import { type Group, isValid, type Scope } from '../../analysis/scope.ts'
import type { RunSummary } from '../../analysis/summary.ts'
import { SETS } from './layout.ts'

export function publishedScope(summaries: readonly RunSummary[]): Scope {
  const group = ({ key, folder, isPilot }: (typeof SETS)[number]): Group => ({
    key,
    label: isPilot ? `the runs of ${folder}` : `the valid runs of ${folder}`,
    runs: summaries
      .filter((run) => run.group === key && (isPilot || isValid(run)))
      .sort((one, other) => (one.task < other.task ? -1 : 1)),
  })
  return {
    main: SETS.filter(({ isPilot }) => !isPilot).map(group),
    pilot: group(SETS.find(({ isPilot }) => isPilot) as (typeof SETS)[number]),
  }
}
