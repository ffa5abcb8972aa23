// A cgroup for each tool call, on a kernel that has them: what is charged where, who is ended when memory runs out,
// and what the model reads of it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ACG, finish, leftovers, type RecordedRun, Workplace } from '../acg.ts'
import { claudeCommand, prepareProject, startModel } from '../agents/run.ts'
import { until } from '../kernel/victim.ts'
import { lacksForLeaves, leavesLeft } from './leaves.ts'

const REPETITIONS = Number(process.env.ACG_REPETITIONS ?? 5)
const MOST_MS = 600_000
const MB = 1 << 20

interface Done {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const lack = lacksForLeaves()
if (lack !== null) console.log(`skipped: --control needs cgroup v2 with memory, and here is ${lack}`)

describe.skipIf(lack !== null)('--control', () => {
  const place = new Workplace()

  beforeAll(async () => {
    mkdirSync(place.project, { recursive: true })
    await prepareProject(place.project)
    for (const name of ['agent.py', 'burst.py'])
      cpSync(join(import.meta.dir, name), join(place.project, name))
  })

  afterAll(async () => {
    place[Symbol.dispose]()
    expect(leavesLeft()).toEqual([])
    expect(await leftovers()).toEqual([])
  })

  const run = async (flags: string[], ...commands: string[]) => {
    const done = await place.run(['--watch', 'seccomp', ...flags], ['python3', 'agent.py', ...commands])
    return {
      ...done,
      calls: done.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Done),
    }
  }
  const limits = ({ events }: RecordedRun) => events.filter((event) => event.event === 'limit')

  for (const mode of ['observe', 'enforce'] as const)
    test(
      `${mode} gives each call a leaf from its first instruction, and its true peak`,
      async () => {
        const { exitCode, calls, result, samples } = await run(
          ['--control', mode],
          'cat /proc/self/cgroup',
          'python3 burst.py 200',
          'setsid bash -c "cat /proc/self/cgroup"',
        )
        expect(exitCode).toBe(0)
        expect(calls.map(({ stdout }) => stdout.trim())).toEqual([
          '0::/../acg-call-1',
          'held 200 MB',
          '0::/../acg-call-3',
        ])
        const burst = result.calls[1]
        expect(burst?.peak_source).toBe('cgroup2')
        expect(burst?.peak_bytes).toBeGreaterThan(200 * MB)
        expect(burst?.peak_bytes).toBeLessThan(230 * MB)
        expect(samples.length).toBeGreaterThan(2)
      },
      MOST_MS,
    )

  test(
    'enforce ends the call that runs out of the run’s memory, whole, and tells it why; the agent goes on',
    async () => {
      const { exitCode, calls, result, ...record } = await run(
        ['--control', 'enforce', '--memory', '300m'],
        'sleep 100 & python3 burst.py 600; echo not reached',
        'python3 burst.py 50',
      )
      expect(exitCode).toBe(0)
      expect(calls[0]).toMatchObject({ code: -9, stdout: '' })
      expect(calls[0]?.stderr).toContain('acg: this command was ended')
      expect(calls[0]?.stderr).toContain('315 MB')
      expect(calls[1]).toEqual({ code: 0, stdout: 'held 50 MB\n', stderr: '' })
      expect(limits({ ...record, exitCode, result } as RecordedRun)).toMatchObject([
        { call: 1, action: 'killed', by: 'acg', limit_bytes: 300 * MB, told: true },
      ])
      expect(result.calls[0]?.background).toEqual([])
    },
    MOST_MS,
  )

  test(
    'a SIGKILL of the agent’s own is called nothing else',
    async () => {
      const done = await run(['--control', 'enforce', '--memory', '300m'], 'kill -9 $$')
      expect(done.calls[0]).toEqual({ code: -9, stdout: '', stderr: '' })
      expect(limits(done)).toEqual([])
    },
    MOST_MS,
  )

  test(
    'leaves no leaf of a run whose acg was killed',
    async () => {
      const command = [
        ACG,
        'run',
        '--control',
        'enforce',
        '--record',
        place.nextRecord(),
        '--',
        'sleep',
        '1000',
      ]
      const acg = Bun.spawn(command, { cwd: place.project, stdio: ['ignore', 'ignore', 'ignore'] })
      await until(60_000, 'a leaf is there', () => leavesLeft().length > 0)
      acg.kill('SIGKILL')
      await acg.exited
      await until(60_000, 'no leaf is left', () => leavesLeft().length === 0)
      expect((await finish([ACG, 'run', '--', 'true'], { cwd: place.project })).exitCode).toBe(0)
    },
    MOST_MS,
  )

  test('is refused where nobody can hold an exec', async () => {
    const command = [ACG, 'run', '--control', 'enforce', '--watch', 'none', '--', 'true']
    const { exitCode, stderr } = await finish(command, { cwd: place.project })
    expect(exitCode).toBe(125)
    expect(stderr).toContain('leave --watch out, or --control')
  })

  test(
    `the real claude reads why its tool was ended, ${REPETITIONS} times of ${REPETITIONS}, makes its next call and ends well`,
    async () => {
      const tool = (command: string) => ({ tools: [{ name: 'Bash', input: { command } }] })
      const parts = [
        {
          cue: 'greedy',
          turns: [tool('python3 burst.py 900'), tool('python3 burst.py 20')],
          closing: 'Done.',
        },
      ]
      const model = startModel({ parts })
      try {
        const { argv, env } = await claudeCommand(model.port, 'Play the part greedy.')
        for (let time = 0; time < REPETITIONS; time++) {
          const flags = ['--watch', 'seccomp', '--control', 'enforce', '--memory', '800m']
          const done = await place.run([...flags, '--host-port', String(model.port)], argv, { ...env })
          expect(done.exitCode).toBe(0)
          expect(limits(done)).toMatchObject([{ action: 'killed', told: true }])
          const results = await toolResults(`${done.folder}/agent`)
          expect(results[0]).toContain('acg: this command was ended')
          expect(results[1]).toContain('held 20 MB')
        }
      } finally {
        await model.stop()
      }
    },
    MOST_MS * 2,
  )
})

/** What the agent's transcript says that its tools answered, in order. */
async function toolResults(config: string): Promise<string[]> {
  const { stdout } = await finish(['sh', '-c', `cat ${config}/projects/*/*.jsonl`])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { message?: { content?: unknown } })
    .flatMap(({ message }) => (Array.isArray(message?.content) ? message.content : []))
    .filter((block: { type?: string }) => block.type === 'tool_result')
    .map((block: { content?: unknown }) => JSON.stringify(block.content))
}
