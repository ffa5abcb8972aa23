import { describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { AcgError } from '../errors.ts'
import { findInstallation, installFolder } from './install-folder.ts'

const root = temporaryFolder()
const home = join(root, 'home')

function file(path: string, text = '#!/bin/sh\n', mode = 0o755): string {
  const full = join(home, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
  chmodSync(full, mode)
  return full
}

function link(path: string, target: string): string {
  const full = join(home, path)
  mkdirSync(dirname(full), { recursive: true })
  symlinkSync(target, full)
  return full
}

const find = (command: string, path = '/usr/bin') => findInstallation(command, { home, path, cwd: home })

describe('findInstallation()', () => {
  test('mounts nothing for what is in /usr, which is in every sandbox', () => {
    expect(find('sh', '/usr/bin')).toEqual({ command: '/usr/bin/sh', paths: [], links: [] })
  })

  test('finds npm’s command with all that it imports, and makes the link to it anew', () => {
    const cli = file('.npm-global/lib/node_modules/agent/cli.js', '#!/bin/sh\n')
    const command = link('.local/bin/agent', '../../.npm-global/lib/node_modules/agent/cli.js')
    expect(find('agent', dirname(command))).toEqual({
      command,
      paths: [cli.replace(/\/agent\/cli.js$/, '')],
      // .local/bin is full of other programs, and stays outside.
      links: [{ path: command, target: '../../.npm-global/lib/node_modules/agent/cli.js' }],
    })
  })

  test('finds the interpreter that a script names, by PATH and in its own prefix', () => {
    const node = file('.nvm/v22/bin/own-node', '\x7fELF')
    const script = file('tools/agent/bin/agent', '#!/usr/bin/env own-node\n')
    expect(find(script, `/usr/bin:${dirname(node)}`).paths).toEqual([
      join(home, 'tools/agent'),
      join(home, '.nvm/v22'),
    ])
  })

  test('follows links to links, each with its own folder', () => {
    const program = file('opt/versions/3/agent')
    link('opt/current/agent', '../versions/3/agent')
    const command = link('.local/bin/other', join(home, 'opt/current/agent'))
    expect(find(command).paths).toEqual([join(home, 'opt/current'), dirname(program)])
  })

  test('mounts a program that stands in a shared folder by itself', () => {
    const program = file('bin/single')
    expect(find(program)).toEqual({ command: program, paths: [program], links: [] })
  })

  test('takes a path from the current folder', () => {
    const program = file('tools/x/run.sh')
    expect(find('./tools/x/run.sh').command).toBe(program)
    expect(find('tools/x/run.sh').command).toBe(program)
  })

  const refused = (command: string) => {
    try {
      find(command)
    } catch (error) {
      if (error instanceof AcgError) return [error.message, error.exitCode]
      throw error
    }
    throw new Error('nothing was thrown')
  }

  test('refuses a command that is not there with 127, one that cannot be executed with 126', () => {
    expect(refused('no-such-agent')).toEqual(['cannot run "no-such-agent": there is no such command', 127])
    expect(refused('./no/such')).toEqual(['cannot run "./no/such": there is no such command', 127])
    const data = file('tools/data', 'x', 0o644)
    expect(refused(data)).toEqual([`cannot run "${data}": ${data} is not an executable file`, 126])
    expect(refused(home)).toEqual([`cannot run "${home}": ${home} is not an executable file`, 126])
  })

  test('refuses a script whose interpreter is not there with 127', () => {
    const script = file('tools/script', '#!/no/such/program\n')
    expect(refused(script)).toEqual([`cannot run "${script}": its interpreter is missing`, 127])
  })

  test('passes over what in PATH is no folder, or cannot be looked into', () => {
    const program = file('tools/y/program')
    const notAFolder = file('tools/file')
    expect(find('program', `${notAFolder}:/proc/1/root/none:${dirname(program)}`).command).toBe(program)
  })
})

describe('installFolder()', () => {
  const table: [path: string, folder: string | null][] = [
    ['/home/dev/.nvm/v22/bin/node', '/home/dev/.nvm/v22'],
    ['/home/dev/app/node_modules/.bin/agent', '/home/dev/app/node_modules'],
    // The outermost, since packages are hoisted to it.
    ['/home/dev/app/node_modules/a/node_modules/b/cli.js', '/home/dev/app/node_modules'],
    ['/opt/agent/agent', '/opt/agent'],
    ['/opt/agent/bin/agent', '/opt/agent'],
    // Never a folder of unrelated programs, or a whole home.
    ['/home/dev/agent', null],
    ['/home/dev/bin/agent', null],
    ['/home/dev/.local/bin/agent', null],
    ['/home/dev/.local/share/agent', null],
    ['/opt/agent.sh', null],
    ['/tmp/agent', null],
    ['/opt/bin/agent', '/opt/bin'],
    ['/agent', null],
  ]
  for (const [path, folder] of table)
    test(`says ${folder} of ${path}`, () => expect(installFolder(path, '/home/dev')).toBe(folder))
})
