import { describe, expect, test } from 'bun:test'
import { execEvent } from '../../test/process-events.ts'
import { PollDetector } from './polling.ts'

/**
 * What is said of the same exec at each of these times: whether it is a known poll, and if not what add() says, how many
 * came before that were taken for none, or null.
 */
function said(timesMs: readonly number[], argv = ['git', 'status']): ('known' | number | null)[] {
  const polls = new PollDetector<number>()
  return timesMs.map((time, pid) => {
    const exec = execEvent({ pid, start_ticks: 0 }, time, argv)
    return polls.isPoll(exec) ? 'known' : (polls.add(pid, exec)?.length ?? null)
  })
}

describe('PollDetector', () => {
  test('knows a poll at its fourth even repeat, with those before, and from then on', () => {
    expect(said([0, 1000, 2100, 2900, 4000])).toEqual([null, null, null, 3, 'known'])
  })

  test('allows each interval to differ by half of the median, and no more', () => {
    expect(said([0, 1000, 2000, 3500])).toEqual([null, null, null, 3])
    expect(said([0, 1000, 2000, 3501])).toEqual([null, null, null, null])
  })

  test('knows a poll that a busy machine delayed once, and then hurried, as soon as one in five is the most', () => {
    const late = [0, 300, 1500, 1510, 1800, 2100, 2400, 2700, 3000, 3300, 3600]
    expect(said(late)).toEqual([...Array(10).fill(null), 10])
  })

  test('finds no poll in repeats that a model made: at uneven times', () => {
    expect(said([0, 100, 5000, 5200, 60_000])).toEqual([null, null, null, null, null])
  })

  test('stays with its finding when a later turn is late, as when the agent was busy', () => {
    expect(said([0, 1000, 2000, 3000, 60_000]).at(-1)).toBe('known')
  })

  test('never takes a shell for a poll: an agent gives its model one', () => {
    for (const argv of [
      ['bash', '-c', 'ls'],
      ['/bin/sh', 'x.sh'],
    ])
      expect(said([0, 1000, 2000, 3000, 4000], argv)).toEqual([null, null, null, null, null])
  })

  test('keeps apart what differs in a word, or only in where words end', () => {
    const polls = new PollDetector<number>()
    for (let turn = 0; turn < 5; turn++) {
      for (const argv of [
        ['ls', 'a b'],
        ['ls', 'a', 'b'],
      ]) {
        const exec = execEvent({ pid: turn, start_ticks: 0 }, turn * 1000, argv)
        expect(polls.isPoll(exec)).toBe(turn > 3)
        if (turn <= 3) expect(polls.add(turn, exec)?.length ?? null).toBe(turn < 3 ? null : 3)
      }
    }
  })
})
