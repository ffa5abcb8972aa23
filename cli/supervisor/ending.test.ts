import { describe, expect, test } from 'bun:test'
import { decideEnding, type Seen } from './ending.ts'

const SEEN: Seen = {
  agent: { exitCode: 0, signal: null },
  agentStarted: true,
  podman: { exitCode: 0, signal: null },
  timedOut: false,
  fatal: null,
}

describe('decideEnding()', () => {
  const table: [what: string, seen: Partial<Seen>, ending: string, code: number][] = [
    ['the agent’s own code', { agent: { exitCode: 3, signal: null } }, 'exited', 3],
    // A failed `podman run --rm` after the agent’s end is not the agent’s doing.
    [
      'the agent’s code though Podman failed after it',
      { podman: { exitCode: 125, signal: null } },
      'exited',
      0,
    ],
    ['128 and the signal that ended the agent', { agent: { exitCode: null, signal: 9 } }, 'killed', 137],
    ['124 after the time limit', { timedOut: true, agent: { exitCode: null, signal: 15 } }, 'timeout', 124],
    ['124 after the time limit though the agent then exited 0', { timedOut: true }, 'timeout', 124],
    ['125 where acg ended the run', { fatal: 'conmon was killed', agent: null }, 'lost', 125],
    [
      'Podman’s code where the agent was not started',
      { agent: null, agentStarted: false, podman: { exitCode: 126, signal: null } },
      'not_started',
      126,
    ],
    [
      '125 where the agent was not started and Podman claims success',
      { agent: null, agentStarted: false },
      'not_started',
      125,
    ],
    [
      'Podman’s code where init never told of the agent’s end',
      { agent: null, podman: { exitCode: 137, signal: null } },
      'lost',
      137,
    ],
    [
      '128 and the signal that ended Podman',
      { agent: null, podman: { exitCode: null, signal: 9 } },
      'lost',
      137,
    ],
  ]
  for (const [what, seen, ending, code] of table) {
    test(`gives ${what}`, () => {
      expect(decideEnding({ ...SEEN, ...seen })).toMatchObject({ ending, acg_exit_code: code })
    })
  }

  test('keeps how the agent ended beside why acg ended it', () => {
    const agent = { exitCode: null, signal: 15 }
    expect(decideEnding({ ...SEEN, agent, timedOut: true })).toMatchObject({ exit_code: null, signal: 15 })
  })

  test('gives a reason in words: a code alone is ambiguous', () => {
    const reason = (seen: Partial<Seen>) => decideEnding({ ...SEEN, ...seen }).reason
    expect(reason({ agent: { exitCode: 125, signal: null } })).toBe('the agent exited with code 125')
    expect(reason({ agent: { exitCode: null, signal: 9 } })).toBe('the agent was ended by SIGKILL')
    expect(reason({ agent: { exitCode: null, signal: 40 } })).toBe('the agent was ended by signal 40')
    expect(reason({ fatal: 'conmon was killed' })).toBe('conmon was killed')
  })
})
