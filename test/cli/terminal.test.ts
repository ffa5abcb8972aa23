// A terminal stays the user's: the agent sees its size, its keys and its job control, and the shell gets it back.
// If this failed, an interactive agent would be unusable, or would leave the user's terminal so.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, processId } from '../../cli/procfs/stat.ts'
import { ACG, cacheFolder, inits, leftovers } from '../acg.ts'
import { until } from '../kernel/victim.ts'
import { Bench, PATIENCE_MS, RUNNERS, textOf } from './runners.ts'
import { TestTerminal } from './terminal.ts'

setDefaultTimeout(5 * PATIENCE_MS)

const TAKES_TERMINAL_MS = 1000

let bench: Bench
beforeAll(async () => {
  bench = await Bench.make()
})
afterAll(async () => {
  expect(await bench.end()).toEqual([])
})

async function shell(): Promise<TestTerminal> {
  const terminal = TestTerminal.shell(bench.project)
  await terminal.expect(/ready> /)
  return terminal
}

/** The shell has the terminal, and leaves it as a shell does. */
async function leave(terminal: TestTerminal): Promise<void> {
  await terminal.expect(/ready> /)
  await terminal.send('echo it is $((20 + 3))\n')
  await terminal.expect(/it is 23/)
  await terminal.expect(/ready> /)
  await terminal.send('exit 5\n')
  expect((await terminal.end()).exitCode).toBe(5)
}

describe.each([...RUNNERS])('%s', (name) => {
  test('the agent sees the size of the terminal, and each change of it', async () => {
    const script = 'trap "stty size" WINCH; stty size; until [ -e done ]; do sleep 0.1; done; rm done'
    await using terminal = new TestTerminal([bench.runner(name), 'bash', '-c', script], {
      cwd: bench.project,
      rows: 31,
      columns: 97,
    })
    await terminal.expect(/31 97\r\n/)
    await terminal.resize(40, 120)
    await terminal.expect(/40 120\r\n/)
    await terminal.resize(7, 33)
    await terminal.expect(/7 33\r\n/)
    writeFileSync(join(bench.project, 'done'), '')
    expect((await terminal.end()).exitCode).toBe(0)
  })

  test('the agent can be a shell with jobs', async () => {
    await using terminal = await shell()
    const prompt = /bash-[\d.]+[#$] /
    await terminal.send(`${bench.runner(name)} bash --norc --noprofile -i\n`)
    await terminal.expect(prompt)
    await terminal.send('sleep 100 &\n')
    await terminal.expect(prompt)
    await terminal.send('jobs\n')
    await terminal.expect(/Running +sleep 100/)
    await terminal.send('fg\n')
    await terminal.expect(/fg\r\n.*sleep 100\r\n/)
    await terminal.press('\x1a', /Stopped +sleep 100/)
    await terminal.send('bg\n')
    await terminal.expect(/sleep 100 &\r\n/)
    await terminal.expect(prompt)
    await terminal.send('jobs\n')
    await terminal.expect(/Running +sleep 100/)
    await terminal.send('fg\n')
    await terminal.expect(/fg\r\n.*sleep 100\r\n/)
    await terminal.press('\x03', prompt)
    await terminal.send('exit 0\n')
    await leave(terminal)
  })

  test.each([
    ['in a terminal', ''],
    ['piped to a program', ' | (trap "" TSTP; cat)'],
    ['with stdout redirected', ' >out; cat out'],
  ])('%s, ^Z does not hang an agent that is no shell', async (_, rest) => {
    await using terminal = await shell()
    await terminal.send(`${bench.runner(name)} bash -c 'echo >on; read x; echo got $x; rm on'${rest}\n`)
    await bench.line(join(bench.project, 'on'), /\n/)
    // Podman starts the container first and takes the terminal then: a key between stops Podman itself.
    await Bun.sleep(TAKES_TERMINAL_MS)
    await terminal.send('\x1a')
    await terminal.send('hello\n')
    await terminal.expect(/got hello/)
    await leave(terminal)
  })

  test('a run that was started in the background stops where it wants the keyboard, and goes on with fg', async () => {
    await using terminal = await shell()
    await terminal.send(`${bench.runner(name)} bash -c 'echo started; read x; echo got $x' &\n`)
    await until(PATIENCE_MS, 'the run is stopped', async () => {
      await terminal.send('jobs\n')
      return /Stopped/.test(await terminal.expect(/(Running|Stopped).*\n/))
    })
    await terminal.send('fg\n')
    await terminal.expect(/started\r\n/)
    await terminal.send('hello\n')
    await terminal.expect(/got hello/)
    await leave(terminal)
  })

  test.each([
    ['ends', 'true'],
    ['is killed', 'kill -9 $$'],
    ['leaves its own terminal raw', 'stty raw -echo'],
  ])('the terminal has its modes again when the agent %s', async (_, script) => {
    const whole = `stty -a >before; ${bench.runner(name)} bash -c '${script}'; stty -a >after`
    await using terminal = new TestTerminal(['sh', '-c', whole], { cwd: bench.project })
    await terminal.end()
    const before = textOf(join(bench.project, 'before'))
    expect(before).toContain('icanon')
    expect(textOf(join(bench.project, 'after'))).toBe(before)
  })

  test('what the output is piped to may use the terminal, as a pager does', async () => {
    await using terminal = await shell()
    const pager = '(read first; stty echo </dev/tty; cat; read answer </dev/tty; echo "$first, $answer")'
    await terminal.send(`${bench.runner(name)} bash -c 'echo one; sleep 1; echo two' </dev/null | ${pager}\n`)
    await terminal.expect(/two\r\n/)
    await terminal.send('three\n')
    await terminal.expect(/one, three/)
    await leave(terminal)
  })
})

test('a run that is ended while it is stopped in the background leaves nothing', async () => {
  await using terminal = await shell()
  const record = bench.nextRecord()
  await terminal.send(`${ACG} run --record ${record} -- cat & echo started $!\n`)
  const supervisor = processId(Number(/(\d+)\r\n$/.exec(await terminal.expect(/started \d+\r\n/))?.[1]))
  await until(PATIENCE_MS, 'the run is stopped', async () => {
    await terminal.send('jobs\n')
    return /Stopped/.test(await terminal.expect(/(Running|Stopped).*\n/))
  })
  await terminal.send('kill %1\n')
  await until(PATIENCE_MS, 'the run has ended', () => supervisor !== null && !isAlive(supervisor))
  expect(existsSync(record)).toBe(false)
  expect(await leftovers()).toEqual([])
  await leave(terminal)
})

// Plain Podman reads there, is refused, and waits for ever.
test.each([
  ['no shell can bring to the foreground', (run: string) => `sh -c "(sleep 2; exec ${run}) &" 3<&0`],
  ['ignores what would stop it', (run: string) => `sh -c "trap '' TTOU; exec ${run}" 3<&0 &`],
])('a run in the background that %s reads nothing, and takes no key of the shell’s', async (how, line) => {
  await using terminal = await shell()
  const file = how.replaceAll(' ', '-')
  const run = `${bench.runner('acg')} bash -c 'read x && echo got $x || echo nothing' <&3 >${file}`
  await terminal.send(`${line(run.replaceAll('$', '\\$'))}\n`)
  expect(await bench.line(join(bench.project, file), /.+\n/)).toBe('nothing\n')
  await leave(terminal)
})

test('the terminal has its modes again when --timeout ended the agent', async () => {
  const whole = `stty -a >before; ${ACG} run --timeout 2s -- bash -c 'stty raw -echo; sleep 100'; stty -a >after`
  await using terminal = new TestTerminal(['sh', '-c', whole], { cwd: bench.project })
  await terminal.end()
  expect(textOf(join(bench.project, 'after'))).toBe(textOf(join(bench.project, 'before')))
})

// Plain Podman's container outlives the terminal it was started in.
test.each([
  ['an agent', ['sleep', '300']],
  ['a shell with a job', ['bash', '--norc', '-i', '-c', 'sleep 300 & wait']],
])('closing the terminal ends the run of %s and leaves nothing', async (_, command) => {
  await using terminal = await shell()
  const record = bench.nextRecord()
  await terminal.send(
    `${ACG} run --record ${record} -- ${Bun.$.escape(command[0] as string)} ${command
      .slice(1)
      .map((word) => Bun.$.escape(word))
      .join(' ')}\n`,
  )
  await bench.line(join(record, 'events.jsonl'), /"300"/)
  const { supervisor, run_id: id } = JSON.parse(textOf(join(record, 'run.json')))
  expect(processId(supervisor.pid)).toEqual(supervisor)
  const init = Number(textOf(join(cacheFolder(), 'sandboxes', id, 'init.pid')))
  expect(inits()).toContain(init)
  await terminal.hangUp()
  await until(
    PATIENCE_MS,
    'the container and acg have ended',
    () => !inits().includes(init) && !isAlive(supervisor),
  )
  expect((await leftovers()).filter((each) => each.includes(id))).toEqual([])
  expect(JSON.parse(textOf(join(record, 'result.json')))).toMatchObject({ ending: 'killed', signal: 1 })
})
