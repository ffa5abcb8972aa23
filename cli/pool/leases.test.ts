import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Need, NO_NEED } from '../policy/need.ts'
import { dealLeases, type Lead, type Member } from './leases.ts'

const ROOM = 1000
const member = (run: string, need: Partial<Need> = {}, said: Partial<Member> = {}): Member => ({
  run,
  priority: 'normal',
  agentBytes: 0,
  need: { ...NO_NEED, ...need },
  boundBytes: 0,
  growsSinceMs: 0,
  ...said,
})
const GROWS = { isGrowing: true }
const SHORT = { isGrowing: true, isShort: true }
const NOW = { nowMs: 10_000, mayRaise: true }
const leads = (run: string, wasShort = false): Lead => ({ run, sinceMs: 9000, wasShort })
const leaseOf = (members: Member[], run: string, lead: Lead | null = null) =>
  dealLeases(ROOM, members, lead, NOW).leases.get(run)
const nextLead = (members: Member[], lead: Lead | null, nowMs = NOW.nowMs) =>
  dealLeases(ROOM, members, lead, { ...NOW, nowMs }).lead?.run

describe('dealLeases()', () => {
  test('lends all that the agent leaves to a run that is alone', () => {
    expect(leaseOf([member('a', {}, { agentBytes: 100 })], 'a')).toMatchObject({ leaseBytes: 900 })
  })

  test('lends what is left to the one that grows, and keeps some for the other', () => {
    const dealt = dealLeases(ROOM, [member('a', GROWS), member('b')], null, NOW)
    expect(dealt.lead?.run).toBe('a')
    expect(dealt.leases.get('b')).toMatchObject({ leaseBytes: 125, isHelpComing: true })
    expect(dealt.leases.get('a')).toMatchObject({ leaseBytes: 875, mostBytes: 1000 })
  })

  test('lends nobody what another may still believe to have', () => {
    const members = [member('a', SHORT), member('b', {}, { boundBytes: 800 })]
    const { leases } = dealLeases(ROOM, members, null, NOW)
    expect(leases.get('a')).toMatchObject({ leaseBytes: 200, isHelpComing: true })
    expect(leases.get('b')).toMatchObject({ leaseBytes: 125 })
  })

  test('leaves with nobody what the lead is short of: it would be ended for want of what lies idle', () => {
    const members = (need: Partial<Need>) => [member('a', need), member('b', {}, { boundBytes: 250 })]
    expect(leaseOf(members(SHORT), 'b')).toMatchObject({ leaseBytes: 125 })
    expect(leaseOf(members(GROWS), 'b')).toMatchObject({ leaseBytes: 250 })
  })

  test('raises nothing before all have been heard', () => {
    const { leases } = dealLeases(ROOM, [member('a', SHORT, { boundBytes: 50 })], null, {
      ...NOW,
      mayRaise: false,
    })
    expect(leases.get('a')).toMatchObject({ leaseBytes: 50 })
  })

  test('lets the lead grow to its end, and then the next', () => {
    const half = { ...GROWS, heldBytes: 400, growingBytes: 400 }
    const waits = member('b', { ...SHORT, heldBytes: 50, growingBytes: 50 })
    expect(nextLead([member('a', half), waits], leads('a'))).toBe('a')
    expect(nextLead([member('a'), waits], leads('a'))).toBe('b')
  })

  test('lends the others no more than the side room, however far they have grown', () => {
    const members = (heldBytes: number) => [
      member('a', GROWS),
      member('b', { ...SHORT, heldBytes, growingBytes: heldBytes }, { boundBytes: heldBytes }),
    ]
    const keeps = { ...GROWS, heldBytes: 300, growingBytes: 300 }
    const lease = (heldBytes: number) => {
      const [, other] = members(heldBytes) as [Member, Member]
      return dealLeases(ROOM, [member('a', keeps), other], leads('a'), NOW).leases.get('b')?.leaseBytes
    }
    expect(lease(50)).toBe(125)
    expect(lease(124)).toBe(124)
    expect(lease(130)).toBe(130)
  })

  test('lets who needs it pass who could do without', () => {
    expect(nextLead([member('a', GROWS), member('b', SHORT)], leads('a'))).toBe('b')
  })

  test('leaves the lead for a while to who needed it: two that are short would take it from each other', () => {
    const both = [member('a', GROWS), member('b', SHORT)]
    expect(nextLead(both, leads('a', true))).toBe('a')
    expect(nextLead(both, leads('a', true), 14_001)).toBe('b')
  })

  test('lets what has grown most end first: only that gives it back', () => {
    const half = (bytes: number) => ({ ...SHORT, heldBytes: bytes, growingBytes: bytes })
    expect(nextLead([member('a', half(300)), member('b', half(500))], leads('a'))).toBe('b')
  })

  test('lets the more important of two begin', () => {
    const members = [member('a', SHORT, { priority: 'low' }), member('b', SHORT, { priority: 'high' })]
    expect(nextLead(members, null)).toBe('b')
  })

  test('lets a run that is stopped for good have what nobody grows into', () => {
    const members = [member('a', { isParked: true, heldBytes: 100 }), member('b')]
    expect(nextLead(members, null)).toBe('a')
  })

  test('says that no help is coming where the lead has all and nobody else gets on', () => {
    const held = { ...SHORT, heldBytes: 875, growingBytes: 875 }
    const other = (helpingBytes: number) => member('b', { heldBytes: 125, helpingBytes }, { boundBytes: 125 })
    const lead = member('a', held, { boundBytes: 875 })
    expect(leaseOf([lead, other(0)], 'a', leads('a'))).toMatchObject({ isHelpComing: false })
    expect(leaseOf([lead, other(125)], 'a', leads('a'))).toMatchObject({ isHelpComing: true })
  })

  const amounts = fc.nat(600)
  const drawn = fc.record({
    agentBytes: fc.nat(100),
    boundBytes: amounts,
    heldBytes: amounts,
    isGrowing: fc.boolean(),
    isShort: fc.boolean(),
    isParked: fc.boolean(),
    growsSinceMs: fc.nat(100_000),
    priority: fc.constantFrom('high', 'normal', 'low'),
  })

  test('never lends more than there is, unless more is held; a growing run always leads', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 8 }), fc.boolean(), (all, mayRaise) => {
        const members = all.map(({ agentBytes, boundBytes, growsSinceMs, priority, ...need }, at) =>
          member(
            `${at}`,
            { ...need, growingBytes: need.isGrowing ? need.heldBytes : 0 },
            { agentBytes, boundBytes, growsSinceMs, priority },
          ),
        )
        const { lead, leases } = dealLeases(ROOM, members, null, { ...NOW, mayRaise })
        const agents = members.reduce((sum, each) => sum + each.agentBytes, 0)
        const committed = (lease: boolean) =>
          members.reduce((sum, { run, boundBytes, need }) => {
            const lent = lease ? (leases.get(run)?.leaseBytes ?? Number.NaN) : 0
            return sum + Math.max(boundBytes, need.heldBytes, lent)
          }, 0)
        expect(committed(true)).toBeLessThanOrEqual(Math.max(ROOM - agents, committed(false)) + 1e-6)
        if (members.some(({ need }) => need.isGrowing))
          expect(members.find(({ run }) => run === lead?.run)?.need.isGrowing).toBe(true)
      }),
    )
  })

  test('once all has been carried out, nobody is left with less than it holds, and the lead has the rest', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 8 }), (all) => {
        let members = all.map(({ agentBytes, growsSinceMs, priority, ...need }, at) =>
          member(
            `${at}`,
            { ...need, heldBytes: need.heldBytes / 8, growingBytes: need.isGrowing ? need.heldBytes / 8 : 0 },
            { agentBytes: agentBytes / 8, growsSinceMs, priority },
          ),
        )
        let lead: Lead | null = null
        for (let round = 0; round < 4; round++) {
          const dealt = dealLeases(ROOM, members, lead, NOW)
          lead = dealt.lead
          members = members.map((each) => ({
            ...each,
            boundBytes: dealt.leases.get(each.run)?.leaseBytes as number,
          }))
        }
        const room = ROOM - members.reduce((sum, { agentBytes }) => sum + agentBytes, 0)
        for (const { boundBytes, need } of members)
          expect(boundBytes).toBeGreaterThanOrEqual(need.heldBytes - 1e-6)
        if (lead !== null)
          expect(members.reduce((sum, each) => sum + each.boundBytes, 0)).toBeCloseTo(room, 6)
      }),
    )
  })
})
