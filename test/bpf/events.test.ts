// The programs in the kernel of this machine: do they tell what processes really do?

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStat } from '../../cli/procfs/stat.ts'
import type { Decoded } from '../../cli/watch/bpf/decode.ts'
import { DEFAULT_RING_BYTES } from '../../cli/watch/bpf/defaults.ts'
import { LoadedPrograms } from '../../cli/watch/bpf/loaded-programs.ts'
import { Family } from './family.ts'
import { CLEAR_WITHIN_MS, inKernel, leftInKernel, skipReason } from './machine.ts'

type Of<Kind extends Decoded['kind']> = Extract<Decoded, { kind: Kind }>

const of = <Kind extends Decoded['kind']>(told: readonly Decoded[], kind: Kind) =>
  told.filter((event): event is Of<Kind> => event.kind === kind)

describe.skipIf(skipReason() !== null)('the exec programs', () => {
  const before = inKernelIfPossible()
  const folder = mkdtempSync(join(tmpdir(), 'acg-bpf-'))
  let programs: LoadedPrograms

  beforeAll(() => {
    programs = new LoadedPrograms()
  })
  afterAll(async () => {
    programs[Symbol.dispose]()
    rmSync(folder, { recursive: true })
    expect(await leftInKernel(before)).toEqual([])
  }, CLEAR_WITHIN_MS)

  async function watch(script: string, ringBytes?: number): Promise<Decoded[]> {
    using family = new Family(programs, script, ringBytes)
    return await family.all()
  }

  function script(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o755 })
    return path
  }

  test('tell of a fork, its exec and its exit, in this order', async () => {
    const told = await watch('/usr/bin/env -i true; exit 0')
    const [fork] = of(told, 'fork')
    const own = told.filter(({ event }) => event.pid === fork?.event.pid).map(({ kind }) => kind)
    expect(own).toEqual(['fork', 'exec', 'exec', 'exit'])
    expect(fork?.isOfRoot).toBe(true)
  })

  test('watch a run whose ring was made ahead as any other, and give it to no second one', async () => {
    const rings = () => inKernel().filter((each) => each.endsWith(' acg_ring'))
    programs.prepareNext()
    const ahead = rings()
    using first = new Family(programs, '/bin/echo first >/dev/null; exit 0', DEFAULT_RING_BYTES)
    expect(rings()).toEqual(ahead)
    using second = new Family(programs, '/bin/echo second >/dev/null; exit 0', DEFAULT_RING_BYTES)
    const words = async (family: Family) =>
      of(await family.all(), 'exec').map(({ event }) => event.argv.at(-1))
    expect(await Promise.all([words(first), words(second)])).toEqual([['first'], ['second']])
    expect(second.run.ring).not.toBe(first.run.ring)
  })

  test('give the start of a process as /proc does', async () => {
    using family = new Family(programs, 'cat; exit 0')
    family.begin()
    let fork: Of<'fork'> | undefined
    while (!fork) {
      await Bun.sleep(2)
      ;[fork] = of(family.take(), 'fork')
    }
    const stat = readStat(fork.event.pid)
    expect(fork.event.start_ticks).toBe(stat?.startTicks as number)
    expect(fork.event.parent).toEqual({
      pid: family.pid,
      start_ticks: readStat(family.pid)?.startTicks as number,
    })
  })

  test('read file, words and folder; words may be empty or not ASCII', async () => {
    const [exec] = of(await watch('/usr/bin/printf %s "" "ünï" "a b" >/dev/null; exit 0'), 'exec')
    expect(exec?.event).toMatchObject({
      file: '/usr/bin/printf',
      argv: ['/usr/bin/printf', '%s', '', 'ünï', 'a b'],
      argv_truncated: false,
      interpreter: null,
      cwd: '/usr/share',
    })
  })

  test('cut words after 4096 bytes, and say so', async () => {
    const [exec] = of(await watch(`/usr/bin/printf %s ${'x'.repeat(9000)} >/dev/null; exit 0`), 'exec')
    expect(exec?.event.argv_truncated).toBe(true)
    expect(exec?.event.argv.join(' ').length).toBe(4096)
  })

  test('give a script’s words as they were typed, and its interpreter', async () => {
    const plain = script('plain', '#!/bin/sh\nexit 0\n')
    const env = script('env', '#!/usr/bin/env -S sh -e\nexit 0\n')
    const told = of(await watch(`${plain} one "two three"; ${env}; exit 0`), 'exec')
    expect(told[0]?.event).toMatchObject({
      file: plain,
      interpreter: '/bin/sh',
      argv: [plain, 'one', 'two three'],
    })
    expect(told[1]?.event).toMatchObject({ file: env, interpreter: 'sh', argv: [env] })
  })

  test('know two ends of a pipe as one', async () => {
    const execs = of(await watch('/usr/bin/true | /usr/bin/cat; exit 0'), 'exec')
    const [from, to] = ['true', 'cat'].map(
      (name) => execs.find(({ event }) => event.file?.endsWith(name))?.event,
    )
    expect(from?.stdout_pipe).toBeGreaterThan(0)
    expect(from?.stdout_pipe).toBe(to?.stdin_pipe as number)
  })

  test('give the exit code, and the signal', async () => {
    const exits = of(await watch('sh -c "exit 7"; sh -c "kill -9 \\$\\$"; exit 0'), 'exit')
    expect(exits.map(({ event }) => ({ exit_code: event.exit_code, signal: event.signal }))).toEqual([
      { exit_code: 7, signal: null },
      { exit_code: null, signal: 9 },
      { exit_code: 0, signal: null },
    ])
    expect(exits.map(({ isOfRoot }) => isOfRoot)).toEqual([false, false, true])
  })

  test('take threads for no processes: one exit, when the last has ended; an exec from one is the process’s', async () => {
    const threads = [
      'import os, threading, time',
      'def late():',
      '    time.sleep(0.1)',
      '    os.execv("/usr/bin/true", ["from-a-thread"])',
      'threading.Thread(target=late).start()',
    ].join('\n')
    const file = join(folder, 'threads.py')
    writeFileSync(file, threads)
    const told = await watch(`/usr/bin/python3 ${file}; exit 0`)
    const pid = of(told, 'fork')[0]?.event.pid
    const own = told.filter(({ event }) => event.pid === pid)
    expect(own.map(({ kind }) => kind)).toEqual(['fork', 'exec', 'exec', 'exit'])
    expect(of(own, 'exec')[1]?.event.argv).toEqual(['from-a-thread'])
    expect(new Set(own.map(({ event }) => event.start_ticks)).size).toBe(1)
  })

  test('let a process end with its last thread, though its first ended long before', async () => {
    const file = join(folder, 'leaves.py')
    const leaves =
      'import ctypes, threading, time\nthreading.Thread(target=time.sleep, args=[0.2]).start()\nctypes.CDLL(None).pthread_exit(None)\n'
    writeFileSync(file, leaves)
    const told = await watch(`/usr/bin/python3 ${file}; exit 0`)
    const exits = of(told, 'exit').filter(({ isOfRoot }) => !isOfRoot)
    const [exec] = of(told, 'exec')
    expect(exits.length).toBe(1)
    expect((exits[0]?.event.time_ms ?? 0) - (exec?.event.time_ms ?? 0)).toBeGreaterThan(200)
  })

  test('keep following what left its parent, its group and its session', async () => {
    const told = await watch('(setsid sh -c "(sleep 0.2; /usr/bin/true) &" ) & sleep 0.5; exit 0')
    expect(of(told, 'exec').some(({ event }) => event.file === '/usr/bin/true')).toBe(true)
  })

  test('tell nothing of what is not of the family, and each ring of its own run alone', async () => {
    using other = new Family(programs, '/usr/bin/true; exit 0')
    const told = await watch('sh -c "exit 3"; exit 0')
    Bun.spawnSync(['true'])
    expect(other.take()).toEqual([])
    expect(new Set(told.map(({ event }) => event.pid)).size).toBe(2)
  })

  test('count every event that a ring too small does not take', async () => {
    using family = new Family(programs, 'for i in $(seq 500); do /usr/bin/true; done; exit 0', 4096)
    const told = await family.all({ late: true })
    const { events } = family.lost
    // A fork, an exec and an exit of each, one fork and exit of the substitution and its exec, and the first's end.
    expect(told.length + events).toBe(500 * 3 + 3 + 1)
  })

  test('follow() refuses a container that is a run', () => {
    using family = new Family(programs, 'exit 0')
    expect(() => family.follow()).toThrow('acg_runs')
  })
})

function inKernelIfPossible(): string[] {
  return skipReason() === null ? inKernel() : []
}
