import { describe, expect, test } from 'bun:test'
import { GENERIC } from './generic.ts'
import { classifyExec, commandOf, type ExecRole } from './profile.ts'
import { AGENTS, profileFor, profileNamed } from './table.ts'

test('profileFor() goes by the program the user types', () => {
  expect(profileFor('claude').name).toBe('claude')
  expect(profileFor('/home/dev/.local/bin/claude').name).toBe('claude')
  expect(profileFor('./agent.sh').name).toBe('generic')
})

test('profileNamed() knows each agent by its name, and no other', () => {
  for (const profile of AGENTS) expect(profileNamed(profile.name)).toBe(profile)
  expect(profileNamed('nobody')).toBeUndefined()
})

test('a name in `environment` has its star at the end alone', () => {
  for (const name of AGENTS.flatMap((profile) => profile.environment))
    expect(name).toMatch(/^[A-Za-z_]\w*\*?$/)
})

describe('an agent that no table knows', () => {
  const table: [argv: string[], role: ExecRole][] = [
    [['bash', '--norc', '--noprofile'], 'shell'],
    [['-bash'], 'shell'],
    [['/bin/sh', '-s'], 'shell'],
    [['bash', '-i', '+H'], 'shell'],
    [['bash', '-c', 'ls'], 'call'],
    [['bash', '-lc', 'ls'], 'call'],
    [['bash', 'build.sh'], 'call'],
    [['git', 'status', '--porcelain'], 'call'],
  ]
  for (const [argv, role] of table) {
    test(`${argv.join(' ')}: ${role}`, () => {
      const judgement = classifyExec(GENERIC, { file: argv[0]!, argv })
      expect(judgement.role).toBe(role)
      expect(commandOf(judgement, argv).text).toBe(argv.join(' '))
    })
  }
})
