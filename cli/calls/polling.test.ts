import { describe, expect, test } from 'bun:test'
import { execEvent } from '../../test/process-events.ts'
import { PollDetector } from './polling.ts'

/** What add() said of the same exec at each of these times: how many came before that were taken for none, or null. */
function added(timesMs: readonly number[], argv = ['git', 'status']): (number | null)[] {
  const polls = new PollDetector<number>()
  return timesMs.map((time, pid) => {
    return polls.add(pid, execEvent({ pid, start_ticks: 0 }, time, argv))?.length ?? null
  })
}

describe('add()', () => {
  test('knows a poll at its fourth even repeat, with those before, and each later one', () => {
    expect(added([0, 1000, 2100, 2900, 4000])).toEqual([null, null, null, 3, 0])
  })

  test('allows each interval to differ by half of the median, and no more', () => {
    expect(added([0, 1000, 2000, 3500])).toEqual([null, null, null, 3])
    expect(added([0, 1000, 2000, 3501])).toEqual([null, null, null, null])
  })

  test('knows a poll that a busy machine delayed once, and then hurried, as soon as one in five is the most', () => {
    const late = [0, 300, 1500, 1510, 1800, 2100, 2400, 2700, 3000, 3300, 3600]
    expect(added(late)).toEqual([...Array(10).fill(null), 10])
  })

  test('finds no poll in repeats that a model made: at uneven times', () => {
    expect(added([0, 100, 5000, 5200, 60_000])).toEqual([null, null, null, null, null])
  })

  test('stays with its finding when a later turn is late, as when the agent was busy', () => {
    expect(added([0, 1000, 2000, 3000, 60_000]).at(-1)).toBe(0)
  })

  test('isPoll() says so from then on, and of nothing else', () => {
    const polls = new PollDetector<number>()
    const exec = (timeMs: number, ...argv: string[]) => execEvent({ pid: 1, start_ticks: 0 }, timeMs, argv)
    const known = [0, 1000, 2000, 3000].map((timeMs) => {
      polls.add(1, exec(timeMs, 'git', 'status'))
      return polls.isPoll(exec(timeMs, 'git', 'status'))
    })
    expect(known).toEqual([false, false, false, true])
    expect(polls.isPoll(exec(4000, 'git', 'status', '-s'))).toBe(false)
  })

  test('never takes a shell for a poll: an agent gives its model one', () => {
    for (const argv of [
      ['bash', '-c', 'ls'],
      ['/bin/sh', 'x.sh'],
    ])
      expect(added([0, 1000, 2000, 3000, 4000], argv)).toEqual([null, null, null, null, null])
  })

  test('keeps apart what differs in a word, or only in where words end', () => {
    const polls = new PollDetector<number>()
    for (let turn = 0; turn < 5; turn++) {
      for (const argv of [
        ['ls', 'a b'],
        ['ls', 'a', 'b'],
      ]) {
        const found = polls.add(turn, execEvent({ pid: turn, start_ticks: 0 }, turn * 1000, argv))
        expect(found?.length ?? null).toBe(turn < 3 ? null : turn === 3 ? 3 : 0)
      }
    }
  })
})
