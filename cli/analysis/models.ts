// Which models answered, in the agent itself and in its sub-agents.

import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import type { LoadedRun, ModelCounts } from './run.ts'
import type { Group } from './scope.ts'
import type { Figure } from './statistics.ts'
import type { RunSummary } from './summary.ts'

const NONE: ModelCounts = {}

export function modelsOf({ trace }: LoadedRun): { main: ModelCounts; sidechain: ModelCounts } {
  return trace?.models ?? { main: NONE, sidechain: NONE }
}

export const models: Question = {
  paper: () => [],
  corrected: ({ main, pilot }) => [
    ...main.flatMap(modelRows),
    ...(pilot ? [mostFrequent(pilot, 'main', 'the agent itself')] : []),
  ],
}

function modelRows(group: Group): Draft[] {
  const records = (of: 'main' | 'sidechain', who: string) => {
    const count = recordsOf(group.runs, of)
    return draft(
      `model.${of}_records.${group.key}`,
      'records',
      { value: count, n: count },
      `Records of a model's words in the traces of ${group.label}, written by ${who}; a message makes several.`,
    )
  }
  return [
    mostFrequent(group, 'main', 'the agent itself'),
    mostFrequent(group, 'sidechain', 'sub-agents'),
    records('main', 'the agent itself'),
    records('sidechain', 'sub-agents'),
  ]
}

function mostFrequent({ key, label, runs }: Group, of: 'main' | 'sidechain', who: string): Draft {
  const totals = new Map<string, number>()
  for (const { models } of runs) {
    for (const [model, count] of Object.entries(models[of]))
      totals.set(model, (totals.get(model) ?? 0) + count)
  }
  const [first] = [...totals].sort((one, other) => other[1] - one[1])
  const figure: Figure<string> = { value: first?.[0] ?? null, n: recordsOf(runs, of) }
  return draft(
    `model.${of}.${key}`,
    'string',
    figure,
    `The model that most records of ${who} name, over ${label}; what Claude Code says in its own name is left out.`,
  )
}

function recordsOf(runs: readonly RunSummary[], of: 'main' | 'sidechain'): number {
  return runs.reduce(
    (sum, { models }) => sum + Object.values(models[of]).reduce((each, count) => each + count, 0),
    0,
  )
}
