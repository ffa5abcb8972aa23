// Podman's own flags mean in `acg run` what they mean in `podman run`. If this failed, a limit or a setting that the
// user asked for would silently not be there.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lacksForLeaves } from '../../cli/powers/leaves.ts'
import { ACG, finish, Workplace } from '../acg.ts'
import { until } from '../kernel/victim.ts'
import { Bench, PATIENCE_MS, RUNNERS } from './runners.ts'

setDefaultTimeout(5 * PATIENCE_MS)

/** Both runners with `flags`, and what the agent's script said. */
async function onBoth(
  flags: (bench: Bench) => readonly string[],
  command: readonly string[],
  judge: (done: Awaited<ReturnType<typeof finish>>, bench: Bench) => void | Promise<void>,
): Promise<void> {
  const bench = await Bench.make(flags)
  try {
    for (const name of RUNNERS) {
      const env = { PASSED_ON: 'from outside', NOT_ASKED_FOR: 'secret' }
      await judge(await finish([bench.runner(name), ...command], { cwd: bench.project, env }), bench)
    }
  } finally {
    expect(await bench.end()).toEqual([])
  }
}

const sh = (script: string) => ['sh', '-c', script]
const python = (script: string) => ['/usr/bin/python3', '-c', script]

test('-e sets a variable, or passes the caller’s on; no other one enters', () =>
  onBoth(
    () => ['-e', 'SET=a b=c', '--env', 'PASSED_ON', '-e', 'EMPTY='],
    sh('printenv SET PASSED_ON EMPTY NOT_ASKED_FOR; echo $?'),
    (done) => expect(done).toEqual({ exitCode: 0, stdout: 'a b=c\nfrom outside\n\n1\n', stderr: '' }),
  ))

test('--env-file reads variables, which -e overrides', () =>
  onBoth(
    (bench) => {
      writeFileSync(join(bench.folder, 'some.env'), '# comment\nONE=1\nTWO=two words\nPASSED_ON\n')
      return ['--env-file', join(bench.folder, 'some.env'), '-e', 'ONE=one']
    },
    sh('echo "$ONE|$TWO|$PASSED_ON"'),
    (done) => expect(done).toEqual({ exitCode: 0, stdout: 'one|two words|from outside\n', stderr: '' }),
  ))

test('-v mounts a folder, read-only where that is asked for', () =>
  onBoth(
    (bench) => {
      for (const name of ['data', 'out']) mkdirSync(join(bench.folder, name))
      writeFileSync(join(bench.folder, 'data', 'file'), 'data\n')
      return ['-v', `${bench.folder}/data:/mnt/data:ro`, '--volume', `${bench.folder}/out:/mnt/out`]
    },
    sh('cat /mnt/data/file; touch /mnt/data/new 2>/dev/null || echo read-only; echo said >>/mnt/out/file'),
    async (done, bench) => {
      expect(done).toEqual({ exitCode: 0, stdout: 'data\nread-only\n', stderr: '' })
      expect(await Bun.file(join(bench.folder, 'out', 'file')).text()).toStartWith('said\n')
    },
  ))

test('-w is where the agent starts', () =>
  onBoth(
    (bench) => {
      mkdirSync(join(bench.project, 'a folder'))
      return ['-w', join(bench.project, 'a folder')]
    },
    ['pwd'],
    (done, bench) => expect(done.stdout).toBe(`${join(bench.project, 'a folder')}\n`),
  ))

test('--network none leaves the loopback alone', () =>
  onBoth(
    () => ['--network', 'none'],
    sh('tail -n +3 /proc/net/dev | cut -d: -f1'),
    (done) => expect(done).toEqual({ exitCode: 0, stdout: '    lo\n', stderr: '' }),
  ))

test('-m ends an agent that takes more', () =>
  onBoth(
    () => ['-m', '100m'],
    python('b"x" * (400 << 20)'),
    (done) => expect(done.exitCode).toBe(137),
  ))

test('-m lets an agent be that takes less', () =>
  onBoth(
    () => ['-m', '400m'],
    python('b"x" * (100 << 20)'),
    (done) => expect(done.exitCode).toBe(0),
  ))

test('-m has the calls share it, where they can have cgroups of their own; elsewhere it is said that they do not', async () => {
  using place = new Workplace()
  mkdirSync(place.project, { recursive: true })
  const lack = lacksForLeaves()
  const [limited, unlimited, unwatched] = [
    await place.run(['-m', '400m'], ['true']),
    await place.run([], ['true']),
    await place.run(['-m', '400m', '--watch', 'none'], ['true']),
  ]
  expect(limited.run.control).toBe(lack === null ? 'enforce' : 'off')
  expect(limited.stderr.includes('no limits for single calls')).toBe(lack !== null)
  for (const other of [unlimited, unwatched]) {
    expect(other.run.control).toBe('off')
    expect(other.stderr).not.toContain('no limits')
  }
})

test('--cpus is the quota of the container', () =>
  onBoth(
    () => ['--cpus', '0.5'],
    sh(
      'cd /sys/fs/cgroup; cat cpu.max 2>/dev/null || echo $(cat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us)',
    ),
    (done) => expect(done).toEqual({ exitCode: 0, stdout: '50000 100000\n', stderr: '' }),
  ))

const FORKS = `
import subprocess
for count in range(64):
    try:
        subprocess.Popen(["sleep", "100"])
    except BlockingIOError:
        print("refused", count < 20)
        break
`
test('--pids-limit refuses the process that is one too many', () =>
  onBoth(
    () => ['--pids-limit', '20'],
    python(FORKS),
    (done) => expect(done).toEqual({ exitCode: 0, stdout: 'refused True\n', stderr: '' }),
  ))

describe('--name', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await Bench.make()
  })
  afterAll(async () => {
    expect(await bench.end()).toEqual([])
  })

  test('is the container’s, and the record’s', async () => {
    const name = `acg-test-${crypto.randomUUID().slice(0, 8)}`
    const first = bench.run(['--name', name], sh('while [ ! -e seen ]; do sleep 0.1; done'))
    await until(PATIENCE_MS, `podman shows ${name}`, async () => {
      const { stdout } = await finish([
        'podman',
        'ps',
        '--filter',
        `name=^${name}$`,
        '--format',
        '{{.Names}}',
      ])
      return stdout === `${name}\n`
    })
    // A second one of that name is refused by Podman, and does the first no harm.
    const second = await finish([ACG, 'run', '--name', name, '--', 'true'], { cwd: bench.project })
    expect(second.exitCode).toBe(125)
    expect(second.stderr).toContain('is already in use')
    bench.file('seen', '')
    const { exitCode, run, result } = await first
    expect({ exitCode, ending: result.ending, container: run.container }).toEqual({
      exitCode: 0,
      ending: 'exited',
      container: name,
    })
  })
})
