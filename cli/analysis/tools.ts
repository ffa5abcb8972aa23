// Which tools the agents use, how often and for how long.

import { unionSeconds } from './intervals.ts'
import type { Question } from './questions.ts'
import { type Draft, draft } from './row.ts'
import { type Call, callSeconds, callsOf, type LoadedRun } from './run.ts'
import type { Group } from './scope.ts'
import { derived, type Figure, share, sum, tally } from './statistics.ts'

const NAMED = [
  'Task',
  'Bash',
  'Read',
  'Edit',
  'Write',
  'Grep',
  'Glob',
  'TodoWrite',
  'WebSearch',
  'WebFetch',
] as const
const TOOLS = [...NAMED, 'other'] as const
type Tool = (typeof TOOLS)[number]

interface Use {
  readonly count: number
  readonly seconds: number
  /** Of the agent itself, sub-agents' calls left out. */
  readonly mainSeconds: number
  readonly mainCount: number
}

export interface ToolUse {
  readonly tools: Readonly<Record<Tool, Use>>
  readonly unionSeconds: number
  /** Of the trace; null where there is none. */
  readonly traced: { readonly total: number; readonly sidechain: number; readonly overlapping: number } | null
}

/** One for all tools that a run does without, which are most of them. */
const NO_USE: Use = { count: 0, seconds: 0, mainSeconds: 0, mainCount: 0 }

export function toolUseOf(run: LoadedRun): ToolUse {
  const calls = callsOf(run)
  const byTool = Map.groupBy(calls, ({ tool }) => NAMED.find((name) => name === tool) ?? 'other')
  const use = (tool: Tool): Use => {
    const all = byTool.get(tool)
    if (all === undefined) return NO_USE
    const main = all.filter(({ isSidechain }) => !isSidechain)
    return {
      count: all.length,
      seconds: seconds(all),
      mainSeconds: seconds(main),
      mainCount: main.length,
    }
  }
  const traced = run.trace?.calls
  return {
    tools: Object.fromEntries(TOOLS.map((tool) => [tool, use(tool)])) as Record<Tool, Use>,
    unionSeconds: unionSeconds(calls),
    traced: traced
      ? {
          total: traced.length,
          sidechain: traced.filter(({ isSidechain }) => isSidechain).length,
          overlapping: overlapping(traced),
        }
      : null,
  }
}

function seconds(calls: readonly Call[]): number {
  return calls.reduce((total, call) => total + callSeconds(call), 0)
}

/** Calls that begin before all that began earlier have ended. */
function overlapping(calls: readonly Call[]): number {
  let reached = Number.NEGATIVE_INFINITY
  let count = 0
  for (const { start, end } of [...calls].sort((one, other) => one.start - other.start)) {
    if (start < reached) count++
    reached = Math.max(reached, end)
  }
  return count
}

export const tools: Question = {
  paper: ({ main }) => main.flatMap(paperRows),
  corrected: ({ main }) => main.flatMap(correctedRows),
}

const what = (tool: Tool) => (tool === 'other' ? `tools other than ${NAMED.join(', ')}` : tool)

function added(group: Group, tool: Tool, field: keyof Use): number {
  return group.runs.reduce((total, { toolUse }) => total + toolUse.tools[tool][field], 0)
}

function allSeconds(group: Group, field: 'seconds' | 'mainSeconds'): number {
  return TOOLS.reduce((total, tool) => total + added(group, tool, field), 0)
}

function paperRows(group: Group): Draft[] {
  const { key, label } = group
  const total = allSeconds(group, 'seconds')
  const calls = TOOLS.reduce((count, tool) => count + added(group, tool, 'count'), 0)
  const average = (tool: Tool): Figure => {
    const count = added(group, tool, 'count')
    return { value: count > 0 ? added(group, tool, 'seconds') / count : null, n: count }
  }
  const row = (name: string, unit: string, figure: Figure, definition: string) =>
    draft(`tool.${name}.${key}`, unit, figure, definition)
  const bash = added(group, 'Bash', 'seconds')
  const bashAndRead = bash + added(group, 'Read', 'seconds')
  const web = added(group, 'WebSearch', 'seconds') + added(group, 'WebFetch', 'seconds')
  return [
    ...TOOLS.flatMap((tool) => {
      const name = tool.toLowerCase()
      const count = added(group, tool, 'count')
      const time = added(group, tool, 'seconds')
      return [
        row(
          `${name}.count`,
          'calls',
          tally(count),
          `Calls of ${what(tool)} in ${label}, those of sub-agents too.`,
        ),
        row(
          `${name}.seconds`,
          's',
          { value: time, n: count },
          `Durations of the calls of ${what(tool)} in ${label}, added up.`,
        ),
        row(
          `${name}.share`,
          '%',
          share(time, total, count),
          `Durations of the calls of ${what(tool)} in those of all calls of ${label}; what a sub-agent does counts in its own calls and in the Task that holds them.`,
        ),
        row(`${name}.avg_s`, 's', average(tool), `Mean duration of a call of ${what(tool)} in ${label}.`),
      ]
    }),
    row('total_seconds', 's', { value: total, n: calls }, `Durations of all calls of ${label}, added up.`),
    row(
      'web.share',
      '%',
      share(web, total, calls),
      `Durations of WebSearch and WebFetch in those of all calls of ${label}.`,
    ),
    row(
      'bash.share_of_bash_read',
      '%',
      share(bash, bashAndRead, added(group, 'Bash', 'count') + added(group, 'Read', 'count')),
      `Durations of Bash in those of Bash and Read alone, ${label}.`,
    ),
    row(
      'duration_span',
      'x',
      derived([average('Task'), average('Edit')], (task, edit) => (edit === 0 ? null : task! / edit!)),
      `Mean duration of a Task over that of an Edit, ${label}.`,
    ),
  ]
}

function correctedRows(group: Group): Draft[] {
  const { key, label, runs } = group
  const total = allSeconds(group, 'mainSeconds')
  const traced = runs.flatMap(({ toolUse }) => toolUse.traced ?? [])
  const calls = (of: 'total' | 'sidechain' | 'overlapping') => sum(traced.map((each) => each[of]))
  const unions = runs.map(({ toolUse }) => toolUse.unionSeconds)
  return [
    ...TOOLS.map((tool) =>
      draft(
        `tool.${tool.toLowerCase()}.share.${key}`,
        '%',
        share(added(group, tool, 'mainSeconds'), total, added(group, tool, 'mainCount')),
        `Durations of the agent's own calls of ${what(tool)} in those of all its own calls, ${label}; what sub-agents do is in their Task alone.`,
      ),
    ),
    draft(
      `tool.total_seconds.${key}`,
      's',
      sum(unions),
      `Time in which at least one call ran, added up over ${label}.`,
    ),
    draft(`calls.total.${key}`, 'calls', calls('total'), `Calls in the traces of ${label}.`),
    draft(
      `calls.sidechain.${key}`,
      'calls',
      calls('sidechain'),
      `Calls that sub-agents made, in the traces of ${label}.`,
    ),
    draft(
      `calls.overlapping.${key}`,
      'calls',
      calls('overlapping'),
      `Calls that began while an earlier one of the same run still went on, in the traces of ${label}.`,
    ),
  ]
}
