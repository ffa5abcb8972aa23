import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { GENERIC } from '../calls/agents/generic.ts'
import type { AgentProfile } from '../calls/agents/profile.ts'
import { makeAgentConfig, removeSecrets } from './agent-config.ts'

const VARIABLE = 'ACG_TEST_CONFIG_DIR'
const AGENT: AgentProfile = {
  ...GENERIC,
  config: {
    variable: VARIABLE,
    path: '.agent',
    copy: [
      { path: 'key.json', secret: true },
      { path: '.agent.json', inHome: true, secret: true },
      { path: 'skills', secret: false },
    ],
    secretCopies: ['backups'],
    transcripts: '*.jsonl',
  },
}

const root = temporaryFolder()
let home = ''
let made = 0

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

beforeEach(() => {
  home = join(root, String(made++), 'home')
  write(join(home, '.agent', 'key.json'), 'key')
  write(join(home, '.agent', 'history.jsonl'), 'all that the user ever asked')
  write(join(home, '.agent.json'), 'account')
  write(join(home, 'shared', 'review.md'), 'skill')
  mkdirSync(join(home, '.agent', 'skills'))
  symlinkSync(join(home, 'shared', 'review.md'), join(home, '.agent', 'skills', 'review.md'))
})
afterEach(() => {
  delete process.env[VARIABLE]
})

const make = () => makeAgentConfig(AGENT, home, join(home, '..', 'folder'))!
const text = (...path: string[]) => readFileSync(join(make().folder, ...path), 'utf8')

describe('makeAgentConfig()', () => {
  test('copies what the agent needs, and nothing else of the user’s', () => {
    const { folder, inside, environment } = make()
    expect(inside).toBe(join(home, '.agent'))
    expect(environment).toEqual({ [VARIABLE]: inside })
    expect(text('key.json')).toBe('key')
    expect(text('.agent.json')).toBe('account')
    expect(existsSync(join(folder, 'history.jsonl'))).toBe(false)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test('copies what a link leads to: inside there is nothing at its end', () => {
    expect(text('skills', 'review.md')).toBe('skill')
  })

  test('gives copies: what the run writes does not reach the user’s own', () => {
    writeFileSync(join(make().folder, 'key.json'), 'changed')
    writeFileSync(join(make().folder, 'skills', 'review.md'), 'changed')
    expect(readFileSync(join(home, '.agent', 'key.json'), 'utf8')).toBe('key')
    expect(readFileSync(join(home, 'shared', 'review.md'), 'utf8')).toBe('skill')
  })

  test('takes all of it from the folder that the user moved it to', () => {
    const moved = join(home, 'moved')
    write(join(moved, 'key.json'), 'moved key')
    write(join(moved, '.agent.json'), 'moved account')
    process.env[VARIABLE] = moved
    expect([text('key.json'), text('.agent.json')]).toEqual(['moved key', 'moved account'])
    expect(make().inside).toBe(join(home, '.agent'))
  })

  test('is null for an agent that is not known to have any', () => {
    expect(makeAgentConfig(GENERIC, home, join(home, 'none'))).toBeNull()
    expect(existsSync(join(home, 'none'))).toBe(false)
  })
})

test('removeSecrets() takes out every secret and what the agent made of it, and leaves the rest', () => {
  const { folder } = make()
  write(join(folder, 'backups', 'key.json.1'), 'key')
  write(join(folder, 'session.jsonl'), 'transcript')
  removeSecrets(AGENT, folder)
  for (const name of ['key.json', '.agent.json', 'backups'])
    expect(existsSync(join(folder, name))).toBe(false)
  for (const name of ['session.jsonl', 'skills']) expect(existsSync(join(folder, name))).toBe(true)
})
