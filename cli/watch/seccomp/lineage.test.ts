import { describe, expect, test } from 'bun:test'
import type { ProcessStat } from '../../procfs/stat.ts'
import { Lineage } from './lineage.ts'

const INIT = 10

/** A /proc that a test makes up. */
class Processes {
  readonly #all = new Map<number, ProcessStat>()
  looks = 0

  set(pid: number, parentPid: number, more: Partial<ProcessStat> = {}): void {
    const { group = pid, session = pid, startTicks = pid * 10 } = more
    const rest = { state: 'S', hasNotExeced: false, cpuTicks: 0, threads: 1, residentPages: 0, exitStatus: 0 }
    this.#all.set(pid, { pid, parentPid, group, session, startTicks, ...rest })
  }

  delete(pid: number): void {
    this.#all.delete(pid)
  }

  readonly stat = (pid: number): ProcessStat | null => {
    if (++this.looks > 10_000) throw new Error('asked /proc without end')
    return this.#all.get(pid) ?? null
  }
}

const id = (pid: number, start_ticks = pid * 10) => ({ pid, start_ticks })

function scene() {
  const proc = new Processes()
  const lineage = new Lineage(INIT, proc.stat)
  proc.set(20, INIT)
  const agent = lineage.introduce(20)
  return { proc, lineage, agent }
}

describe('introduce()', () => {
  test('gives the agent, a child of init, no parent', () => {
    expect(scene().agent).toEqual({ id: id(20), introduced: [{ id: id(20), parent: null }] })
  })

  test('tells of ancestors that never exec’ed, eldest first: a child’s parent is known before it', () => {
    const { proc, lineage } = scene()
    proc.set(21, 20)
    proc.set(22, 21)
    expect(lineage.introduce(22)).toEqual({
      id: id(22),
      introduced: [
        { id: id(21), parent: id(20) },
        { id: id(22), parent: id(21) },
      ],
    })
    expect(lineage.introduce(22)?.introduced).toEqual([])
  })

  test('takes a reused pid for a new process', () => {
    const { proc, lineage } = scene()
    proc.set(21, 20)
    lineage.introduce(21)
    proc.set(21, 20, { startTicks: 999 })
    expect(lineage.introduce(21)?.introduced).toEqual([{ id: id(21, 999), parent: id(20) }])
  })

  test('says null of a process that is gone', () => {
    expect(scene().lineage.introduce(99)).toBeNull()
  })

  test('asks again when a parent ends between two looks: its child has another one by then', () => {
    const { proc, lineage } = scene()
    proc.set(21, 20)
    proc.set(22, 21)
    const stat = proc.stat
    const racing = new Lineage(INIT, (pid) => {
      if (pid !== 21) return stat(pid)
      proc.delete(21)
      proc.set(22, 20)
      return null
    })
    expect(lineage.introduce(20)).not.toBeNull()
    expect(racing.introduce(22)?.introduced.map((each) => each.id.pid)).toEqual([20, 22])
  })

  test('does not ask for ever for a parent that /proc hides: the agent stands still meanwhile', () => {
    const { proc, lineage } = scene()
    proc.set(22, 21)
    expect(lineage.introduce(22)).toEqual({ id: id(22), introduced: [{ id: id(22), parent: null }] })
  })

  test('leaves out the elders of what was entered from outside, such as podman exec', () => {
    const { proc, lineage } = scene()
    proc.set(5, 1)
    proc.set(31, 5)
    expect(lineage.introduce(31)).toEqual({ id: id(31), introduced: [{ id: id(31), parent: null }] })
  })
})

describe('introduce() of a process whose parent has ended', () => {
  test('finds the family by its group’s leader', () => {
    const { proc, lineage } = scene()
    proc.set(21, 20)
    lineage.introduce(21)
    proc.delete(21)
    proc.set(23, INIT, { group: 21, session: 20 })
    expect(lineage.introduce(23)?.introduced).toEqual([{ id: id(23), parent: id(21) }])
  })

  test('finds it by the session’s leader where the group is its own', () => {
    const { proc, lineage } = scene()
    proc.set(21, 20)
    lineage.introduce(21)
    proc.set(23, INIT, { session: 21 })
    expect(lineage.introduce(23)?.introduced).toEqual([{ id: id(23), parent: id(21) }])
  })

  test('says null where only the agent leads: that it is somewhere below the agent is no news', () => {
    const { proc, lineage } = scene()
    proc.set(23, INIT, { group: 20, session: 20 })
    expect(lineage.introduce(23)?.introduced).toEqual([{ id: id(23), parent: null }])
  })

  test('does not take a leader that is younger: its pid was reused', () => {
    const { proc, lineage } = scene()
    proc.set(21, 20, { startTicks: 900 })
    lineage.introduce(21)
    proc.set(23, INIT, { group: 21, session: 20, startTicks: 800 })
    expect(lineage.introduce(23)?.introduced).toEqual([{ id: id(23, 800), parent: null }])
  })
})
