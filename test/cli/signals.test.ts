// A signal reaches the agent, and reaches it once, by whichever way it comes. If this failed, agents would lose
// work at a ^C that they take for two ("press again to quit"), or could not be ended at all.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Bench, PATIENCE_MS, RUNNERS, type RunnerName, textOf } from './runners.ts'
import { TestTerminal } from './terminal.ts'

setDefaultTimeout(5 * PATIENCE_MS)

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const
/** How long a second one may take that should not come. */
const SECOND_MS = 1000

let bench: Bench
beforeAll(async () => {
  bench = await Bench.make()
  cpSync(join(import.meta.dir, 'count-signals.py'), join(bench.project, 'count-signals.py'))
})
afterAll(async () => {
  expect(await bench.end()).toEqual([])
})

function log(): string {
  return join(bench.project, 'log')
}

/** Starts the counting agent by `start`, and returns what it was sent between `act` and `end`. */
async function counting(
  name: RunnerName,
  start: (line: string) => Promise<void>,
  act: (pid: number) => Promise<void>,
  end: (pid: number) => Promise<void>,
): Promise<string[]> {
  rmSync(log(), { force: true })
  rmSync(`${bench.runner(name)}.pid`, { force: true })
  await start(`${bench.runner(name)} /usr/bin/python3 count-signals.py log ${SIGNALS.join(' ')} SIGQUIT`)
  await bench.line(log(), /^ready\n/)
  const pid = await bench.pid(name)
  await act(pid)
  await Bun.sleep(SECOND_MS)
  await end(pid)
  await bench.line(log(), /SIGQUIT\n/)
  return textOf(log()).trim().split('\n').slice(1, -1)
}

describe.each([...RUNNERS])('%s', (name) => {
  test('in a terminal, ^C reaches the agent once', async () => {
    await using terminal = await shell()
    const seen = await counting(
      name,
      (line) => terminal.send(`${line}\n`),
      () => press(terminal, '\x03', 'SIGINT'),
      () => terminal.send('\x1c'),
    )
    expect(seen).toEqual(['SIGINT'])
    await terminal.expect(/ready> /)
  })

  test.each([
    ['piped to a program', ' | cat'],
    ['with stdout and stderr redirected', ' >out 2>err'],
  ])('%s, ^C and kill reach the agent once each', async (_, rest) => {
    await using terminal = await shell()
    const act = async (pid: number) => {
      await press(terminal, '\x03', 'SIGINT')
      await Bun.sleep(SECOND_MS)
      await killEach(pid)
    }
    const seen = await counting(name, (line) => terminal.send(`${line}${rest}\n`), act, quit)
    expect(seen).toEqual(['SIGINT', ...SIGNALS])
    await terminal.expect(/ready> /)
  })

  test('without a terminal, kill reaches the agent once', async () => {
    let child: Bun.Subprocess | undefined
    const start = async (line: string) => {
      child = Bun.spawn(['setsid', '--wait', 'sh', '-c', `exec ${line}`], {
        cwd: bench.project,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    }
    expect(await counting(name, start, killEach, quit)).toEqual([...SIGNALS])
    expect(await child?.exited).toBe(7)
  })
})

// Podman passes no signal on that it is sent while it has a terminal (podman-run(1), --sig-proxy): the agent would
// live on unseen. acg does.
test('acg in a terminal passes kill on to the agent, once', async () => {
  await using terminal = await shell()
  const seen = await counting('acg', (line) => terminal.send(`${line}\n`), killEach, quit)
  expect(seen).toEqual([...SIGNALS])
  await terminal.expect(/ready> /)
})

async function shell(): Promise<TestTerminal> {
  const terminal = TestTerminal.shell(bench.project)
  await terminal.expect(/ready> /)
  return terminal
}

async function press(terminal: TestTerminal, key: string, signal: string): Promise<void> {
  await terminal.send(key)
  await bench.line(log(), new RegExp(`${signal}\n$`))
}

async function killEach(pid: number): Promise<void> {
  for (const signal of SIGNALS) {
    const before = textOf(log())
    process.kill(pid, signal)
    await bench.line(log(), new RegExp(`^${before}${signal}\n`))
  }
}

async function quit(pid: number): Promise<void> {
  process.kill(pid, 'SIGQUIT')
}
