import { describe, expect, test } from 'bun:test'
import { acg_chain_end, type acg_kin } from '../../../bpf/acg.gen.ts'
import { Lineage } from './lineage.ts'

const INIT = 10
const { ACG_CHAIN_KNOWN, ACG_CHAIN_ROOT, ACG_CHAIN_OUTSIDE, ACG_CHAIN_HIDDEN } = acg_chain_end

const id = (pid: number, start_ticks = pid * 10) => ({ pid, start_ticks })
const kin = (pid: number, parent_pid: number, more: Partial<acg_kin> = {}): acg_kin => ({
  ...{ pid, parent_pid, group: pid, session: pid, start_ticks: pid * 10 },
  ...more,
})
const fromRoot = (...members: acg_kin[]) => ({ members, end: ACG_CHAIN_ROOT })
const fromKnown = (...members: acg_kin[]) => ({ members, end: ACG_CHAIN_KNOWN })

/** The agent is 20. */
function scene() {
  const lineage = new Lineage()
  return { lineage, agent: lineage.introduce(fromRoot(kin(20, INIT))) }
}

describe('introduce()', () => {
  test('gives the agent, a child of init, no parent', () => {
    expect(scene().agent).toEqual([{ id: id(20), parent: null }])
  })

  test('tells of ancestors that never exec’ed, eldest first: a child’s parent is known before it', () => {
    const { lineage } = scene()
    expect(lineage.introduce(fromKnown(kin(22, 21), kin(21, 20)))).toEqual([
      { id: id(21), parent: id(20) },
      { id: id(22), parent: id(21) },
    ])
  })

  test('takes a reused pid for a new process', () => {
    const { lineage } = scene()
    lineage.introduce(fromKnown(kin(21, 20)))
    lineage.introduce(fromKnown(kin(21, 20, { start_ticks: 999 })))
    expect(lineage.introduce(fromKnown(kin(22, 21)))).toEqual([{ id: id(22), parent: id(21, 999) }])
  })

  test('knows no parent of what /proc hides, and of what was entered from outside', () => {
    for (const end of [ACG_CHAIN_HIDDEN, ACG_CHAIN_OUTSIDE])
      expect(scene().lineage.introduce({ members: [kin(22, 21)], end })).toEqual([
        { id: id(22), parent: null },
      ])
  })
})

describe('introduce() of a process whose parent has ended', () => {
  test('finds the family by its group’s leader, or by its session’s where the group is its own', () => {
    const { lineage } = scene()
    lineage.introduce(fromKnown(kin(21, 20)))
    const orphans = [kin(23, INIT, { group: 21, session: 20 }), kin(24, INIT, { session: 21 })]
    for (const orphan of orphans)
      expect(lineage.introduce(fromRoot(orphan))).toEqual([{ id: id(orphan.pid), parent: id(21) }])
  })

  test('says null where only the agent leads: that it is somewhere below the agent is no news', () => {
    const orphan = kin(23, INIT, { group: 20, session: 20 })
    expect(scene().lineage.introduce(fromRoot(orphan))).toEqual([{ id: id(23), parent: null }])
  })

  test('does not take a leader that is younger: its pid was reused', () => {
    const { lineage } = scene()
    lineage.introduce(fromKnown(kin(21, 20, { start_ticks: 900 })))
    const orphan = kin(23, INIT, { group: 21, session: 20, start_ticks: 800 })
    expect(lineage.introduce(fromRoot(orphan))).toEqual([{ id: id(23, 800), parent: null }])
  })

  test('asks for no family of what was entered from outside', () => {
    const { lineage } = scene()
    lineage.introduce(fromKnown(kin(21, 20)))
    const entered = kin(23, 1, { group: 21 })
    expect(lineage.introduce({ members: [entered], end: ACG_CHAIN_OUTSIDE })).toEqual([
      { id: id(23), parent: null },
    ])
  })
})
