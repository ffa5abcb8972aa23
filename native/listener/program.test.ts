import { ptr } from 'bun:ffi'
import { expect, test } from 'bun:test'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { native, text } from './native.ts'

const folder = temporaryFolder()

function file(name: string, content: string, mode = 0o755): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

/** How the file begins; null if it cannot be run. */
function find(path: string, pid = process.pid): string | null {
  const head = Buffer.alloc(256)
  const bytes = Buffer.alloc(8)
  const NOT_RUNNABLE = 0
  if (native.find_program(pid, ptr(text(path)), ptr(head), ptr(bytes)) === NOT_RUNNABLE) return null
  return head.subarray(0, Number(bytes.readBigUInt64LE())).toString('latin1')
}

test('find_program() finds a program, and how a script begins, through a link', () => {
  expect(find('/bin/sh')?.slice(1, 4)).toBe('ELF')
  symlinkSync(file('script', '#!/usr/bin/env python3\n'), join(folder, 'link'))
  expect(find(join(folder, 'link'))).toBe('#!/usr/bin/env python3\n')
})

test('find_program() finds none where execve() will fail: a shell that tries PATH would seem to exec again and again', () => {
  mkdirSync(join(folder, 'folder'))
  expect(find(join(folder, 'nothing'))).toBeNull()
  expect(find(join(folder, 'folder'))).toBeNull()
  expect(find(file('data', '#!/bin/sh\n', 0o644))).toBeNull()
  expect(find(join(folder, 'script', 'below'))).toBeNull()
})

test('find_program() resolves a relative path from the process’s own folder', async () => {
  file('tool', '#!/bin/sh\n')
  const child = Bun.spawn(['cat'], { cwd: folder, stdin: 'pipe', stdout: 'ignore' })
  expect(find('./tool', child.pid)).toBe('#!/bin/sh\n')
  expect(find('./nothing', child.pid)).toBeNull()
  child.stdin.end()
  await child.exited
})

test('find_program() stays below the process’s root by `..` and by links: a container chooses both', async () => {
  const root = join(folder, 'root')
  mkdirSync(join(root, 'sub'), { recursive: true })
  file('outside', '#!/bin/sh\n')
  file('root/inside', '#!/inside\n')
  symlinkSync('/inside', join(root, 'absolute'))
  symlinkSync('../../../../outside', join(root, 'sub', 'climbs'))
  symlinkSync(join(folder, 'outside'), join(root, 'leaves'))
  const script =
    'import os, sys; os.chroot(sys.argv[1]); os.chdir("/sub"); print("in", flush=True); sys.stdin.read()'
  const command = ['unshare', '--user', '--map-root-user', 'python3', '-c', script, root]
  const child = Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe' })
  await child.stdout.getReader().read()
  const inside = (path: string) => find(path, child.pid)
  for (const path of ['/../outside', '/../../outside', '/leaves', '/sub/climbs', 'climbs', '../leaves'])
    expect(inside(path)).toBeNull()
  for (const path of ['/absolute', '/../../inside', '../absolute', '../../../inside'])
    expect(inside(path)).toBe('#!/inside\n')
  child.stdin.end()
  await child.exited
  expect(find(join(root, 'leaves'))).toBe('#!/bin/sh\n')
})

test('find_program() takes what only the process itself can find for a program: it must not go unseen', () => {
  for (const path of ['/proc/self/exe', '/dev/fd/99']) expect(find(path)).toBe('')
})

test('find_program() waits for nobody who has a lease on the file', async () => {
  const path = file('leased', '#!/bin/sh\n')
  const script = `import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("leased", flush=True)
sys.stdin.read()`
  const child = Bun.spawn(['python3', '-c', script, path], { stdin: 'pipe', stdout: 'pipe' })
  await child.stdout.getReader().read()
  expect(find(path)).toBe('')
  child.stdin.end()
  await child.exited
  expect(find(path)).toBe('#!/bin/sh\n')
})
