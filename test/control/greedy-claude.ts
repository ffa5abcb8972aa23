// The real claude, whose first tool wants more than the whole run may have, and whose second one does not.

import type { LimitEvent } from '../../cli/record/schema.ts'
import { finish, type RecordedRun, type Workplace } from '../acg.ts'
import { claudeCommand, startModel } from '../agents/run.ts'

const LIMIT = '800m'
const tool = (command: string) => ({ tools: [{ name: 'Bash', input: { command } }] })
const PART = {
  cue: 'greedy',
  turns: [tool('python3 burst.py 900'), tool('python3 burst.py 20')],
  closing: 'Done.',
}

export interface GreedyRun extends RecordedRun {
  readonly limits: readonly LimitEvent[]
  /** What its transcript says that its tools answered, in order. */
  readonly answers: readonly string[]
}

/** burst.py has to be in the project. */
export async function runGreedyClaude(place: Workplace): Promise<GreedyRun> {
  const model = startModel({ parts: [PART] })
  try {
    const { argv, env } = await claudeCommand(model.port, `Play the part ${PART.cue}.`)
    await forgetPages(argv[0] as string)
    const flags = ['--watch', 'seccomp', '--control', 'enforce', '--memory', LIMIT]
    const done = await place.run([...flags, '--host-port', String(model.port)], argv, { ...env })
    const limits = done.events.filter((event) => event.event === 'limit')
    return { ...done, limits, answers: await answers(`${done.folder}/agent`) }
  } finally {
    await model.stop()
  }
}

/** What is told of a run in which all went as it should: told before its tool was ended, and its next call made. */
export const ALIVE: Outcome = {
  exitCode: 0,
  limits: [{ action: 'killed', told: true }],
  isToldAsOutput: true,
  hasNextCall: true,
}

interface Outcome {
  readonly exitCode: number
  readonly limits: readonly Pick<LimitEvent, 'action' | 'told'>[]
  readonly isToldAsOutput: boolean
  readonly hasNextCall: boolean
}

export function outcomeOf({ exitCode, limits, answers }: GreedyRun): Outcome {
  return {
    exitCode,
    limits: limits.map(({ action, told }) => ({ action, told })),
    isToldAsOutput: (answers[0] ?? '').includes('acg: this command is about to be ended'),
    hasNextCall: (answers[1] ?? '').includes('held 20 MB'),
  }
}

/** The run is to be charged for the agent's program as well: whoever reads a page first pays for it. */
async function forgetPages(program: string): Promise<void> {
  const { exitCode, stderr } = await finish(['dd', `if=${program}`, 'iflag=nocache', 'count=0'])
  if (exitCode !== 0) throw new Error(`dd could not drop ${program} from the page cache: ${stderr}`)
}

async function answers(config: string): Promise<string[]> {
  const { stdout } = await finish(['sh', '-c', `cat ${config}/projects/*/*.jsonl`])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { message?: { content?: unknown } })
    .flatMap(({ message }) => (Array.isArray(message?.content) ? message.content : []))
    .filter((block: { type?: string }) => block.type === 'tool_result')
    .map((block: { content?: unknown }) => JSON.stringify(block.content))
}
