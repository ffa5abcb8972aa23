import { describe, expect, test } from 'bun:test'
import { ownProcess } from '../procfs/stat.ts'
import type { ExecEvent } from '../watch/process-event.ts'
import type { HeldExec } from '../watch/watcher.ts'
import { LateArrivals } from './late-arrivals.ts'

const own = ownProcess()
const child = { pid: process.ppid, start_ticks: -1 }
const EXEC: ExecEvent = {
  event: 'exec',
  time_ms: 10,
  ...own,
  file: 'make',
  interpreter: null,
  argv: ['make'],
  argv_truncated: false,
  cwd: null,
  stdin_pipe: null,
  stdout_pipe: null,
}

/** `movedMs`: when whoever is asked for has been moved. */
function trial({ call = null as number | null, movedMs = 20 } = {}) {
  const settled: HeldExec[] = []
  const placement = {
    leaves: { call: () => undefined } as never,
    settle: (exec: HeldExec) => settled.push(exec),
  }
  return { settled, late: new LateArrivals(placement, { callOf: () => call }, () => movedMs) }
}

const fork = (timeMs: number, parent = own) => ({
  event: 'fork' as const,
  time_ms: timeMs,
  ...own,
  parent,
})

describe('LateArrivals', () => {
  test('moves who has executed something', () => {
    const { settled, late } = trial()
    late.follow(EXEC)
    expect(settled).toEqual([{ id: own, argv: ['make'], environment: [], placed: null }])
  })

  test('moves what was forked before its parent was moved: it would stay outside for good', () => {
    const { settled, late } = trial({ movedMs: 20 })
    late.follow(EXEC)
    late.follow(fork(15))
    expect(settled).toHaveLength(2)
  })

  test('leaves alone what was forked after: it came along', () => {
    const { settled, late } = trial({ movedMs: 20 })
    late.follow(EXEC)
    late.follow(fork(25))
    expect(settled).toHaveLength(1)
  })

  test('takes no notice of who has ended', () => {
    const { settled, late } = trial()
    late.follow({ ...EXEC, ...child })
    expect(settled).toEqual([])
  })

  test('forgets who has ended: its number may be another’s', () => {
    const { settled, late } = trial()
    late.follow(EXEC)
    late.follow({ event: 'exit', time_ms: 18, ...own, exit_code: 0, signal: null })
    late.follow(fork(15))
    expect(settled).toHaveLength(1)
  })
})
