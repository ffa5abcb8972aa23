import { describe, expect, test } from 'bun:test'
import { execEvent } from '../../../test/process-events.ts'
import type { ProcessStat } from '../../procfs/stat.ts'
import type { ExecDetails, ProcessEvent, ProcessId } from '../process-event.ts'
import type { Decoded } from './decode.ts'
import { type ProcessTable, Roll } from './roll.ts'

const ROOT = { pid: 10, start_ticks: 1 }
const AGENT = { pid: 20, start_ticks: 2 }
const CHILD = { pid: 21, start_ticks: 3 }

const details = (argv: string[]): ExecDetails => {
  const { event: _, time_ms: __, pid: ___, start_ticks: ____, ...exec } = execEvent(AGENT, 0, argv)
  return exec
}

const fork = (id: ProcessId, parent: ProcessId): Decoded => ({
  kind: 'fork',
  event: { event: 'fork', time_ms: 1, ...id, parent },
  isOfRoot: parent === ROOT,
})
const exec = (id: ProcessId, parent: ProcessId | null, argv: string[], number = 1): Decoded => ({
  kind: 'exec',
  event: { event: 'exec', time_ms: 2, ...id, ...details(argv) },
  parent,
  number,
})
const exit = (id: ProcessId): Decoded => ({
  kind: 'exit',
  event: { event: 'exit', time_ms: 3, ...id, exit_code: 0, signal: null },
  isOfRoot: id === ROOT,
})

/** What the roll tells of it. */
function heard(roll: Roll, decoded: Decoded): ProcessEvent[] {
  const told: ProcessEvent[] = []
  roll.handle(decoded, (event) => told.push(event))
  return told
}

/** A /proc of these. */
const table = (...rows: (readonly [ProcessId, parentPid: number, state?: string])[]): ProcessTable => {
  const stats = rows.map(([{ pid, start_ticks }, parentPid, state = 'S']): ProcessStat => {
    const rest = {
      group: pid,
      session: pid,
      hasNotExeced: false,
      cpuTicks: 0,
      threads: 1,
      residentPages: 0,
      exitStatus: 256,
    }
    return { pid, startTicks: start_ticks, parentPid, state, ...rest }
  })
  return {
    all: () => stats,
    stat: (pid) => stats.find((stat) => stat.pid === pid) ?? null,
    execOf: (pid) => details([`of-${pid}`]),
  }
}

const kinds = (events: readonly ProcessEvent[]) => events.map(({ event, pid }) => `${event} ${pid}`)

function rollWithAgent(): Roll {
  const roll = new Roll()
  heard(roll, fork(AGENT, ROOT))
  heard(roll, exec(AGENT, ROOT, ['agent']))
  return roll
}

describe('handle()', () => {
  test('gives the agent, a child of init, no parent, and its children theirs', () => {
    const roll = new Roll()
    expect(heard(roll, fork(AGENT, ROOT))).toEqual([{ event: 'fork', time_ms: 1, ...AGENT, parent: null }])
    expect(heard(roll, fork(CHILD, AGENT))).toMatchObject([{ event: 'fork', parent: AGENT }])
  })

  test('tells an exec once that the ring tells twice, and the next one too', () => {
    const roll = new Roll()
    heard(roll, fork(AGENT, ROOT))
    const told = [1, 1, 2, 2].map((number) => heard(roll, exec(AGENT, ROOT, ['a'], number)).length)
    expect(told).toEqual([1, 0, 1, 0])
  })

  test('knows no parent of who was entered from outside', () => {
    const roll = new Roll()
    heard(roll, fork(AGENT, ROOT))
    const [entered] = heard(roll, exec(CHILD, null, ['a']))
    expect(entered).toMatchObject({ event: 'fork', parent: null })
  })

  test('says nothing of init’s own end', () => {
    expect(heard(rollWithAgent(), exit(ROOT))).toEqual([])
  })

  test('tells of a fork that was lost with the exec that followed it', () => {
    const roll = rollWithAgent()
    expect(kinds(heard(roll, exec(CHILD, AGENT, ['true'])))).toEqual(['fork 21', 'exec 21'])
    expect(kinds(heard(roll, exec(CHILD, AGENT, ['false'], 2)))).toEqual(['exec 21'])
  })

  test('says nothing of the end of what nobody heard of', () => {
    expect(heard(rollWithAgent(), exit(CHILD))).toEqual([])
  })
})

describe('callAgainst()', () => {
  test('ends who is gone, and who is a zombie with its own status', () => {
    const roll = rollWithAgent()
    heard(roll, fork(CHILD, AGENT))
    const other = { pid: 22, start_ticks: 4 }
    heard(roll, fork(other, AGENT))
    const ended = roll.callAgainst(table([AGENT, ROOT.pid], [CHILD, AGENT.pid, 'Z']), 5)
    expect(ended).toEqual([
      { event: 'exit', time_ms: 5, ...CHILD, exit_code: 1, signal: null },
      { event: 'exit', time_ms: 5, ...other, exit_code: null, signal: null },
    ])
  })

  test('takes a reused pid for another process', () => {
    const roll = rollWithAgent()
    heard(roll, fork(CHILD, AGENT))
    const reused = { ...CHILD, start_ticks: 99 }
    const told = roll.callAgainst(table([AGENT, ROOT.pid], [reused, AGENT.pid]), 5)
    expect(kinds(told)).toEqual(['exit 21', 'fork 21', 'exec 21'])
    expect(told[1]).toMatchObject({ ...reused, parent: AGENT })
  })

  test('introduces who began unseen, parents first, and no stranger', () => {
    const grandchild = { pid: 15, start_ticks: 5 }
    const stranger = { pid: 99, start_ticks: 1 }
    const stats = [
      [grandchild, CHILD.pid],
      [AGENT, ROOT.pid],
      [CHILD, AGENT.pid],
      [stranger, 1],
    ] as const
    const told = rollWithAgent().callAgainst(table(...stats), 5)
    expect(kinds(told)).toEqual(['fork 21', 'exec 21', 'fork 15', 'exec 15'])
  })

  test('does not tell again what a late event of the ring tells, nor the reverse', () => {
    const roll = rollWithAgent()
    roll.callAgainst(table([AGENT, ROOT.pid], [CHILD, AGENT.pid]), 5)
    expect(heard(roll, fork(CHILD, AGENT))).toEqual([])
    expect(kinds(heard(roll, exit(CHILD)))).toEqual(['exit 21'])
    expect(roll.callAgainst(table([AGENT, ROOT.pid]), 6)).toEqual([])
  })

  test('has to be made again until whoever the ring never named has ended', () => {
    const roll = rollWithAgent()
    expect(roll.hasUnnamed).toBe(false)
    roll.callAgainst(table([AGENT, ROOT.pid], [CHILD, AGENT.pid]), 5)
    expect(roll.hasUnnamed).toBe(true)
    expect(kinds(roll.callAgainst(table([AGENT, ROOT.pid]), 6))).toEqual(['exit 21'])
    expect(roll.hasUnnamed).toBe(false)
  })

  test('has not to be made again once the ring names who was found', () => {
    const roll = rollWithAgent()
    roll.callAgainst(table([AGENT, ROOT.pid], [CHILD, AGENT.pid]), 5)
    heard(roll, exec(CHILD, AGENT, ['true']))
    expect(roll.hasUnnamed).toBe(false)
  })

  test('asks a process that has executed something for nothing more', () => {
    const roll = rollWithAgent()
    expect(roll.callAgainst(table([AGENT, ROOT.pid]), 5)).toEqual([])
  })
})

describe('missedEnds()', () => {
  test('tells of an end that the ring has not, and of nobody who lives', () => {
    const roll = rollWithAgent()
    heard(roll, fork(CHILD, AGENT))
    const left = table([AGENT, ROOT.pid])
    expect(kinds(roll.missedEnds(left, 5, () => {}))).toEqual(['exit 21'])
    expect(roll.missedEnds(left, 6, () => {})).toEqual([])
  })

  test('leaves to the ring what is in it by then', () => {
    const roll = rollWithAgent()
    heard(roll, fork(CHILD, AGENT))
    const told = roll.missedEnds(table([AGENT, ROOT.pid]), 5, () => heard(roll, exit(CHILD)))
    expect(told).toEqual([])
  })
})
