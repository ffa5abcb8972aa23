import { afterAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findExecutable } from './executable.ts'

const folder = mkdtempSync(join(tmpdir(), 'acg-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const find = (path: string) => findExecutable(process.pid, path)

describe('findExecutable()', () => {
  test('finds a program, and a script’s interpreter through a link', () => {
    expect(find('/bin/sh')).toEqual({ interpreter: null })
    symlinkSync(file('script', '#!/usr/bin/env python3\n'), join(folder, 'link'))
    expect(find(join(folder, 'link'))).toEqual({ interpreter: 'python3' })
  })

  test('is null where execve() will fail: a shell that tries PATH would seem to exec again and again', () => {
    mkdirSync(join(folder, 'folder'))
    expect(find(join(folder, 'nothing'))).toBeNull()
    expect(find(join(folder, 'folder'))).toBeNull()
    expect(find(file('data', '#!/bin/sh\n', 0o644))).toBeNull()
    expect(find(join(folder, 'script', 'below'))).toBeNull()
  })

  test('resolves a relative path from the process’s own folder', async () => {
    file('tool', '#!/bin/sh\n')
    const child = Bun.spawn(['cat'], { cwd: folder, stdin: 'pipe', stdout: 'ignore' })
    expect(findExecutable(child.pid, './tool')).toEqual({ interpreter: '/bin/sh' })
    expect(findExecutable(child.pid, './nothing')).toBeNull()
    child.stdin.end()
    await child.exited
  })
})
