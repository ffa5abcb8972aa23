// The study's runs in its own groups.

import { groupOf, type Kept } from '../../analysis/kept.ts'
import type { Group, Scope } from '../../analysis/scope.ts'
import { SETS } from './layout.ts'

export function publishedScope(kept: Kept): Scope {
  const group = ({ key, folder, isPilot }: (typeof SETS)[number]): Group => {
    const label = isPilot ? `the runs of ${folder}` : `the valid runs of ${folder}`
    const { runs, ...all } = groupOf(kept, key, label, !isPilot)
    return { ...all, runs: runs.toSorted((one, other) => (one.task < other.task ? -1 : 1)) }
  }
  return {
    main: SETS.filter(({ isPilot }) => !isPilot).map(group),
    pilot: group(SETS.find(({ isPilot }) => isPilot) as (typeof SETS)[number]),
  }
}
