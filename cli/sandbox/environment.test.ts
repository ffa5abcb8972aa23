import { describe, expect, test } from 'bun:test'
import { insidePath, passedVariables } from './environment.ts'

describe('passedVariables()', () => {
  const from = {
    TERM: 'xterm',
    LC_ALL: 'C',
    AWS_SECRET_ACCESS_KEY: 'secret',
    SSH_AUTH_SOCK: '/agent',
    LD_PRELOAD: '/x.so',
    AGENT_KEY: 'k',
    AGENT_SESSION: 's',
    AGENTS: 'a',
    HTTP_PROXY: undefined,
  }

  test('passes the usual and what the agent asks for, and no other program’s secrets', () => {
    expect(passedVariables(from, ['AGENT_*', 'HTTP_PROXY'], [])).toEqual([
      'TERM',
      'LC_ALL',
      'AGENT_KEY',
      'AGENT_SESSION',
    ])
  })

  test('keeps back an exception, though a star covers it', () => {
    expect(passedVariables(from, ['AGENT_*'], ['AGENT_SESSION'])).not.toContain('AGENT_SESSION')
  })

  test('takes a name without a star as it is', () => {
    expect(passedVariables(from, ['AGENT'], [])).toEqual(['TERM', 'LC_ALL'])
  })
})

describe('insidePath()', () => {
  const SYSTEM = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

  test('keeps the caller’s order, less what is not inside', () => {
    expect(insidePath('/opt/agent/bin:/home/dev/bin:/usr/bin:/bin', ['/opt/agent'])).toBe(
      '/opt/agent/bin:/usr/bin:/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin',
    )
  })

  test('does not take a folder for a mounted one whose name it begins with', () => {
    expect(insidePath('/opt/agent-2/bin', ['/opt/agent'])).toBe(SYSTEM)
  })

  test('leaves out relative and empty folders: the project is the agent’s to write', () => {
    expect(insidePath(':.:bin:', [])).toBe(SYSTEM)
  })
})
