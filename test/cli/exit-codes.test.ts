// The exit code says how the agent did, or that acg or Podman failed, and the record says why. If this failed, a
// script or CI job could not trust `acg run` in the place of the agent.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ExitCode } from '../../cli/exit-codes.ts'
import { readHost } from '../../cli/powers/host.ts'
import { ACG, finish } from '../acg.ts'
import { Bench, dryRun, PATIENCE_MS, RUNNERS } from './runners.ts'

setDefaultTimeout(5 * PATIENCE_MS)

let bench: Bench
beforeAll(async () => {
  bench = await Bench.make()
  bench.file('not-executable', '#!/bin/sh\n')
  bench.file('no-first-line', 'echo ran; exit 9\n', 0o755)
  bench.file('no-interpreter', '#!/no/such/program\n', 0o755)
  mkdirSync(join(bench.project, 'folder'))
})
afterAll(async () => {
  expect(await bench.end()).toEqual([])
})

function acg(...words: string[]) {
  return finish([ACG, 'run', ...words], { cwd: bench.project })
}

describe.each([
  ['exit 0', 0, 'the agent exited with code 0'],
  ['exit 3', 3, 'the agent exited with code 3'],
  ['exit 255', 255, 'the agent exited with code 255'],
  ['exit 137', 137, 'the agent exited with code 137'],
])('an agent’s %s', (script, code, reason) => {
  test.each([...RUNNERS])('is that of %s', async (name) => {
    const done = await finish([bench.runner(name), 'sh', '-c', script], { cwd: bench.project })
    expect(done).toEqual({ exitCode: code, stdout: '', stderr: '' })
  })

  test('is in the record', async () => {
    const { exitCode, result } = await bench.run([], ['sh', '-c', script])
    expect(exitCode).toBe(code)
    expect(result).toMatchObject({
      ending: 'exited',
      reason,
      exit_code: code,
      signal: null,
      acg_exit_code: code,
    })
  })
})

test.each([
  ['TERM', 15],
  ['KILL', 9],
  ['SEGV', 11],
  ['INT', 2],
])('an agent that SIG%s ends gives 128 + its number', async (name, number) => {
  const { exitCode, result } = await bench.run([], ['sh', '-c', `kill -${name} $$`])
  expect(exitCode).toBe(128 + number)
  expect(result).toMatchObject({
    ending: 'killed',
    reason: `the agent was ended by SIG${name}`,
    exit_code: null,
    signal: number,
  })
})

describe('--timeout gives 124', () => {
  test.each([
    ['an agent that ends by SIGTERM', 'sleep 100', { exit_code: null, signal: 15 }],
    [
      'an agent that takes SIGTERM and exits with 0',
      'trap "exit 0" TERM; sleep 100 & wait',
      { exit_code: 0, signal: null },
    ],
    [
      'an agent that takes no notice of SIGTERM',
      'trap "" TERM; sleep 100',
      { exit_code: null, signal: null },
    ],
  ])('for %s', async (_, script, status) => {
    const { exitCode, result } = await bench.run(['--timeout', '1s'], ['bash', '-c', `${script}; exit 3`])
    expect(exitCode).toBe(ExitCode.TIMEOUT)
    expect(result).toMatchObject({
      ending: 'timeout',
      reason: 'the time limit of --timeout ran out',
      ...status,
    })
  })

  test('but not for an agent that was in time', async () => {
    const { exitCode, result } = await bench.run(['--timeout', '10m'], ['sh', '-c', 'exit 3'])
    expect(exitCode).toBe(3)
    expect(result.ending).toBe('exited')
  })
})

describe('acg’s own failure gives 125 and says why', () => {
  test.each([
    ['an unknown flag', ['--no-such-flag', '--', 'true'], /unknown option '--no-such-flag'/],
    ['no command', [], /missing required argument/],
    ['a port that is none', ['--host-port', '70000', '--', 'true'], /port number from 1 to 65535/],
    ['a duration that is none', ['--timeout', 'soon', '--', 'true'], /Give a duration/],
    [
      'a backend that is none',
      ['--watch', 'eyes', '--', 'true'],
      /Allowed choices are auto, bpf, seccomp, none/,
    ],
    [
      'an agent that nobody knows',
      ['--agent', 'nobody', '--', 'true'],
      /^acg: cannot tell the calls of agent "nobody".*\n {2}hint: known are/,
    ],
  ])('for %s', async (_, words, message) => {
    const done = await acg(...words)
    expect(done).toMatchObject({ exitCode: ExitCode.ACG, stdout: '' })
    expect(done.stderr).toMatch(message)
  })

  test('for BPF without a daemon or the privilege', async () => {
    // Root has the privilege, unless it is taken away.
    const without = ['setpriv', '--bounding-set=-bpf,-perfmon,-sys_admin']
    const words = [...(process.getuid?.() === 0 ? without : []), ACG, 'run', '--watch', 'bpf', '--', 'true']
    const nowhere = join(bench.folder, 'nobody-listens')
    const done = await finish(words, { cwd: bench.project, env: { ACG_DAEMON_SOCKET: nowhere } })
    expect(done).toMatchObject({ exitCode: ExitCode.ACG, stdout: '' })
    expect(done.stderr).toMatch(
      /^acg: cannot watch by BPF: .*\n {2}seen: .*nobody-listens: no such socket.*\n {2}hint: .*install\.sh --daemon/,
    )
  })

  test.each(['/', homedir()])('for the project %s', async (cwd) => {
    const done = await finish([ACG, 'run', '--', 'true'], { cwd })
    expect(done).toMatchObject({ exitCode: ExitCode.ACG, stdout: '' })
    expect(done.stderr).toMatch(
      /^acg: cannot give the agent .* as its project.*\n {2}seen: .*\n {2}hint: cd into/,
    )
  })

  test.each([
    ['a network that is none', ['--network', 'nosuch']],
    ['a size that is none', ['-m', 'lots']],
    ['an env-file that is not there', ['--env-file', 'no-such-file']],
    ['a folder that is not there', ['-v', '/no/such/folder:/mnt']],
  ])('for what Podman refuses: %s', async (_, flags) => {
    const record = bench.nextRecord()
    const done = await acg('--record', record, ...flags, '--', 'true')
    expect(done).toMatchObject({ exitCode: ExitCode.ACG, stdout: '' })
    expect(done.stderr).toMatch(/^Error: /m)
    const result = await Bun.file(join(record, 'result.json')).json()
    expect(result).toMatchObject({
      ending: 'not_started',
      reason: 'the agent was not started: Podman ended with code 125',
      acg_exit_code: ExitCode.ACG,
    })
  })

  test('for a Podman that cannot be executed, and begins no record', async () => {
    bench.file('podman', 'no program\n')
    const record = bench.nextRecord()
    const done = await finish([ACG, 'run', '--record', record, '--', 'true'], {
      cwd: bench.project,
      env: { PATH: `${bench.project}:${process.env.PATH}` },
    })
    expect(done).toMatchObject({ exitCode: ExitCode.ACG, stdout: '' })
    expect(done.stderr).toMatch(
      /\/podman cannot be executed\n {2}seen: EACCES\n {2}hint: try `podman version`/,
    )
    expect(existsSync(record)).toBe(false)
  })

  const host = readHost()
  test.skipIf(host.uid !== 0 || host.cgroups === 'v2')('for a limit that Podman would ignore', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'acg-nobody-'))
    copyFileSync(ACG, join(folder, 'acg'))
    chownSync(folder, 65534, 65534)
    const nobody = [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      ...['env', '-u', 'XDG_CACHE_HOME', '-u', 'XDG_STATE_HOME'],
      `HOME=${folder}/home`,
    ]
    mkdirSync(join(folder, 'project'))
    const done = await finish([...nobody, `${folder}/acg`, 'run', '-m', '1g', '--', 'true'], {
      cwd: `${folder}/project`,
    })
    rmSync(folder, { recursive: true })
    expect(done).toMatchObject({ exitCode: ExitCode.ACG, stdout: '' })
    expect(done.stderr).toMatch(
      /^acg: cannot limit the container with --memory: .*\n {2}seen: cgroup .*\n {2}hint: drop/,
    )
  })
})

test.each([
  ['a file without x', 'not-executable', ExitCode.CANNOT_RUN, /is not an executable file/],
  ['a folder', 'folder', ExitCode.CANNOT_RUN, /is not an executable file/],
  ['a missing file', 'missing', ExitCode.NOT_FOUND, /there is no such command/],
])('%s cannot be run, as with Podman, and acg says why', async (_, file, code, message) => {
  const done = await acg('--', `./${file}`)
  expect(done).toMatchObject({ exitCode: code, stdout: '' })
  expect(done.stderr).toStartWith(`acg: cannot run "./${file}": `)
  expect(done.stderr).toMatch(message)
  const plain = await finish([bench.runner('podman'), `./${file}`], { cwd: bench.project })
  expect(plain.exitCode).toBe(code)
})

test('a script whose interpreter is missing gives 127 and its name', async () => {
  const done = await acg('--', './no-interpreter')
  expect(done).toMatchObject({ exitCode: ExitCode.NOT_FOUND, stdout: '' })
  expect(done.stderr).toMatch(
    /^acg: cannot run ".*no-interpreter": .*\n {2}seen: no file \/no\/such\/program/,
  )
})

test('a script without a first line is run by sh, as a shell does', async () => {
  expect(await acg('--quiet', '--', './no-first-line')).toEqual({ exitCode: 9, stdout: 'ran\n', stderr: '' })
})

test('a missing command gives 127 and says where it was looked for', async () => {
  const done = await acg('--', 'no-such-command')
  expect(done).toMatchObject({ exitCode: ExitCode.NOT_FOUND, stdout: '' })
  expect(done.stderr).toMatch(
    /^acg: cannot run "no-such-command": .*\n {2}seen: it is in none of the folders of PATH/,
  )
})

test('--dry-run prints one line that sh reads as it is meant, and leaves nothing', async () => {
  const words = [
    'a b',
    "it's",
    '"quoted"',
    '$HOME `id` \\ !',
    '*',
    '',
    '# no comment',
    'a\nb',
    '--',
    ';',
    '{a,b}',
    '~',
  ]
  const record = bench.nextRecord()
  const { stdout, exitCode } = await acg('--dry-run', '--record', record, '--', 'printf', ...words)
  expect(exitCode).toBe(0)
  const read = await finish(['sh', '-c', `printf '%s\\0' ${stdout}`])
  const seen = read.stdout.split('\0').slice(0, -1)
  expect(seen[0]).toEndWith('/podman')
  expect(seen.slice(-words.length)).toEqual(words)
  expect(existsSync(record)).toBe(false)
  const sandbox = dirname(seen[seen.indexOf('--pidfile') + 1] as string)
  expect(sandbox).toContain('/acg/sandboxes/')
  expect(existsSync(sandbox)).toBe(false)
  expect((await dryRun(bench.project, [], ['true'])).slice(-3)).toEqual([
    '3',
    '--',
    Bun.which('true') as string,
  ])
})

describe('what acg says', () => {
  test('--json is one line on stderr, the result', async () => {
    const record = bench.nextRecord()
    const done = await acg('--json', '--record', record, '--', 'sh', '-c', 'exit 3')
    expect(done).toMatchObject({ exitCode: 3, stdout: '' })
    expect(done.stderr).toMatch(/^\{.*\}\n$/)
    expect(JSON.parse(done.stderr)).toEqual(await Bun.file(join(record, 'result.json')).json())
  })

  test('--json is whole, however long it is and however slow its reader', async () => {
    const agent = 'for i in $(seq 300); do /bin/true $i; done'
    const text = `${ACG} run --json -- bash -c '${agent}' 2>&1 >/dev/null | (sleep 3; cat)`
    const done = await finish(['sh', '-c', text], { cwd: bench.project })
    expect(done.stdout.length).toBeGreaterThan(65536)
    expect(JSON.parse(done.stdout).calls).toHaveLength(301)
  })

  test('--quiet is nothing', async () => {
    expect(await acg('--quiet', '--', 'true')).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  })

  test('otherwise the summary is on stderr alone', async () => {
    const done = await acg('--', 'echo', 'said')
    expect(done).toMatchObject({ exitCode: 0, stdout: 'said\n' })
    expect(done.stderr).toMatch(
      /^acg {2}echo exited 0 · .*\n(acg {2}note: .*\n)?acg {2}acg show [0-9a-f]{6}\n$/,
    )
  })

  test('a reader of stderr that has gone changes no exit code', async () => {
    const done = await finish(
      ['sh', '-c', `(${ACG} run -- sh -c 'exit 3'; echo $?) 2>&1 >code | true; cat code`],
      {
        cwd: bench.project,
      },
    )
    expect(done.stdout).toBe('3\n')
  })
})
