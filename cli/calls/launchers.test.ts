import { describe, expect, test } from 'bun:test'
import { execEvent } from '../../test/process-events.ts'
import { CLAUDE } from './agents/claude.ts'
import { GENERIC } from './agents/generic.ts'
import type { AgentProfile } from './agents/profile.ts'
import { isLauncher, isRuntime } from './launchers.ts'

interface Case {
  readonly what: string
  readonly argv: string[]
  readonly interpreter?: string
  readonly profile?: AgentProfile
  readonly launches: boolean
  readonly runs: boolean
}

/** `runs`: whether it is the agent if a launcher starts it. */
const CASES: Case[] = [
  { what: 'a shell with a script', argv: ['/bin/sh', 'launch.sh'], launches: true, runs: false },
  { what: 'a shell script', argv: ['./launch.sh'], interpreter: '/bin/bash', launches: true, runs: false },
  { what: 'a script by env bash', argv: ['./launch'], interpreter: 'bash', launches: true, runs: false },
  { what: 'env', argv: ['/usr/bin/env', 'python3', 'agent.py'], launches: true, runs: false },
  { what: 'an interpreter', argv: ['/usr/bin/python3.11', 'agent.py'], launches: false, runs: true },
  { what: 'a script by env node', argv: ['./agent'], interpreter: 'node', launches: false, runs: true },
  // A step of the launcher, such as reading a version: the agent comes later.
  { what: 'an interpreter with a text', argv: ['python3', '-c', 'print(1)'], launches: false, runs: false },
  { what: 'another program', argv: ['/usr/bin/mkdir', 'out'], launches: false, runs: false },
  { what: 'the profile’s own program', argv: ['/opt/claude'], profile: CLAUDE, launches: false, runs: true },
  // npm installs the agent's command as a script of sh on some systems.
  {
    what: 'the profile’s own program as a shell script',
    argv: ['/usr/local/bin/claude'],
    interpreter: '/bin/sh',
    profile: CLAUDE,
    launches: false,
    runs: true,
  },
]

describe('isLauncher() and isRuntime() tell an agent from what starts it', () => {
  for (const { what, argv, interpreter = null, profile = GENERIC, launches, runs } of CASES) {
    test(`${what}: ${launches ? 'launcher' : runs ? 'agent' : 'neither'}`, () => {
      const exec = execEvent({ pid: 2, start_ticks: 0 }, 0, argv, { interpreter })
      expect(isLauncher(exec, profile)).toBe(launches)
      expect(isRuntime(exec, profile)).toBe(runs)
    })
  }
})
