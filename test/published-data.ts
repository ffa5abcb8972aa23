// A small data set in the layout of the AgentCgroup study, made up: a task a set and more, each run different, for
// tests that need no one's data.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface MadeRun {
  readonly set: string
  readonly task: string
  readonly attempt?: string
  /** Makes the run's numbers. */
  readonly seed: number
  readonly samples?: number
}

const BEGIN = 1_790_000_000
const TOOLS = ['Bash', 'Read', 'Edit', 'Task', 'Bash', 'Grep']
const COMMANDS = ['pytest -q', 'git status', 'ls -la', 'python -c "print(1)"', 'pip install x', 'pytest -q']

export const RUN_FILES = ['resources.json', 'tool_calls.json', 'results.json', 'trace.jsonl'] as const

/** Four runs, two of them of one task. */
export const MADE_RUNS: readonly MadeRun[] = [
  { set: 'all_images_haiku', task: 'owner__one-1', seed: 1 },
  { set: 'all_images_local', task: 'owner__one-1', seed: 2 },
  { set: 'all_images_local', task: 'owner__two-2', seed: 3 },
  { set: 'batch_swebench_18tasks', task: 'Some_Thing_Hard', seed: 4 },
]

export function makeDataSet(root: string, runs: readonly MadeRun[] = MADE_RUNS): void {
  for (const run of runs) makeRun(root, run)
  for (const [set, each] of Map.groupBy(runs, ({ set }) => set)) {
    const results = Object.fromEntries(
      each.map(({ task, seed }) => [task, { success: seed % 2 === 1, attempts: 1 }]),
    )
    writeFileSync(
      join(root, set, 'progress.json'),
      JSON.stringify({ completed: Object.keys(results), results }),
    )
  }
}

function makeRun(
  root: string,
  { set, task, attempt = 'attempt_1', seed, samples: count = 90 }: MadeRun,
): void {
  const folder = join(root, set, task, attempt)
  mkdirSync(folder, { recursive: true })
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const resources = madeResources(seed, count)
  const calls = Array.from({ length: 12 }, (_, at) => madeCall(seed, at))
  write('resources.json', JSON.stringify(resources, null, 2))
  write('tool_calls.json', JSON.stringify(calls.map(listed)))
  write(
    'trace.jsonl',
    `${calls
      .flatMap(traced)
      .map((record) => JSON.stringify(record))
      .join('\n')}\n`,
  )
  write(
    'results.json',
    JSON.stringify({
      image: 'some/image',
      permission_fix_time: 20 + seed,
      claude_time: count + 12.5,
      image_info: { size_bytes: 3e9 + seed * 1e8, size_mb: 2861.02 + seed },
      resource_samples: resources,
    }),
  )
}

function madeResources(seed: number, count: number) {
  const mb = Array.from({ length: count }, (_, at) =>
    at === 0 ? 12.1 : 180 + ((at * 7 * seed) % 40) + (at % 30 === 9 ? 250 : 0),
  )
  const samples = mb.map((value, at) => ({
    epoch: BEGIN + at * 1.04,
    mem_usage: `${value.toPrecision(4)}MB / 134.5GB`,
    cpu_percent: `${(60 / (1 + at / 10) + seed).toFixed(2)}%`,
  }))
  const cpu = samples.map(({ cpu_percent: text }) => Number(text.slice(0, -1)))
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    samples,
    summary: {
      sample_count: count,
      duration_seconds: (count - 1) * 1.04,
      memory_mb: { min: Math.min(...mb), max: Math.max(...mb), avg: average(mb) },
      cpu_percent: { min: Math.min(...cpu), max: Math.max(...cpu), avg: average(cpu) },
    },
  }
}

interface MadeCall {
  readonly id: string
  readonly tool: string
  readonly input: Record<string, unknown>
  readonly start: number
  readonly end: number
}

function madeCall(seed: number, at: number): MadeCall {
  const tool = TOOLS[(at + seed) % TOOLS.length] as string
  const start = BEGIN + 4 + at * 7
  const input = tool === 'Bash' ? { command: COMMANDS[at % COMMANDS.length] } : { file_path: '/made/up' }
  return { id: `call_${seed}_${at}`, tool, input, start, end: start + 1 + ((at * seed) % 5) }
}

const stamp = (seconds: number) => new Date(seconds * 1000).toISOString()

const listed = ({ id, tool, input, start, end }: MadeCall) => ({
  timestamp: stamp(start),
  end_timestamp: stamp(end),
  tool,
  id,
  input,
  result_preview: 'done',
})

const traced = ({ id, tool, input, start, end }: MadeCall, at: number) => [
  {
    type: 'assistant',
    timestamp: stamp(start),
    isSidechain: at % 6 === 5,
    message: {
      id: `message_${id}`,
      model: 'some-model',
      role: 'assistant',
      usage: { input_tokens: 10, output_tokens: 20 + at },
      content: [{ type: 'tool_use', id, name: tool, input }],
    },
  },
  {
    type: 'user',
    timestamp: stamp(end),
    isSidechain: at % 6 === 5,
    message: {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: id, content: 'a "quoted": word' }],
    },
  },
]
