import { ptr } from 'bun:ffi'
import { afterEach, describe, expect, test } from 'bun:test'
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { native, text } from './native.ts'

const NONE = 0xffffffff
const PARENT = { pid: 40, startTicks: 7 }

const folder = temporaryFolder()
let heard = 0
native.forget_entries()
let procs = ''
const children: Bun.Subprocess[] = []

afterEach(async () => {
  native.acg_foresee_nobody()
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    await child.exited
  }
})

/** A file takes the place of a leaf's cgroup.procs. */
function foresee({ oomScoreAdj = 0, hasHeard = heard, mode = 'w' } = {}): boolean {
  procs = join(folder, crypto.randomUUID())
  writeFileSync(procs, '')
  const fd = openSync(procs, mode)
  const [file, words] = [text('/bin/sh'), text('sh\0-c')]
  const ticks = BigInt(PARENT.startTicks)
  return (
    native.acg_foresee(fd, PARENT.pid, ticks, ptr(file), ptr(words), words.length, oomScoreAdj, hasHeard) ===
    1
  )
}

const COMES = {
  parent: PARENT.pid,
  startTicks: PARENT.startTicks,
  file: '/bin/sh',
  words: 'sh\0-c\0make it\0',
}

/**
 * struct newcomer: pid @0 · parent @4 · u64 parent_start_ticks @8 · char *file @16 · size_t file_bytes @24 ·
 * char *words @32 · size_t words_bytes @40
 */
function comes(pid: number, other: Partial<typeof COMES> = {}) {
  const { parent, startTicks, file, words } = { ...COMES, ...other }
  const [name, text] = [Buffer.from(`${file} and what follows`), Buffer.from(`${words} and what follows`)]
  const newcomer = Buffer.alloc(48)
  newcomer.writeInt32LE(pid, 0)
  newcomer.writeInt32LE(parent, 4)
  newcomer.writeBigUInt64LE(BigInt(startTicks), 8)
  newcomer.writeBigUInt64LE(BigInt(ptr(name)), 16)
  newcomer.writeBigUInt64LE(BigInt(file.length), 24)
  newcomer.writeBigUInt64LE(BigInt(ptr(text)), 32)
  newcomer.writeBigUInt64LE(BigInt(words.length), 40)
  const placed = BigInt(native.place_foreseen(ptr(newcomer)))
  const standardError = Number(placed >> 32n)
  return { isThere: (placed & 1n) === 1n, standardError: standardError === NONE ? null : standardError }
}

const intoLeaf = () => readFileSync(procs, 'utf8')

describe('place_foreseen()', () => {
  test('puts who is expected into its leaf, and only one', () => {
    expect(foresee()).toBe(true)
    expect(comes(1234)).toEqual({ isThere: true, standardError: null })
    expect(intoLeaf()).toBe('1234')
    expect(comes(1235).isThere).toBe(false)
  })

  test('guards it: the kernel ends it before the agent, and acg can say why on its standard error', async () => {
    const child = Bun.spawn(['sleep', '60'], { stdio: ['ignore', 'ignore', 'pipe'] })
    children.push(child)
    foresee({ oomScoreAdj: 500 })
    const { isThere, standardError } = comes(child.pid)
    expect(isThere).toBe(true)
    expect(readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8')).toBe('500\n')
    writeSync(standardError as number, 'why')
    closeSync(standardError as number)
    child.kill('SIGKILL')
    expect(await new Response(child.stderr).text()).toBe('why')
  })

  test('is not there where it cannot be guarded or moved: it stays held, and the other side decides', () => {
    foresee({ oomScoreAdj: 500 })
    expect(comes(4_000_000).isThere).toBe(false)
    expect(intoLeaf()).toBe('')
    foresee({ mode: 'r' })
    expect(comes(1234).isThere).toBe(false)
  })

  test.each([
    ['of another process', { parent: 41 }],
    ['of one that had the number before', { startTicks: 6 }],
    ['that executes something else', { file: '/bin/sh2' }],
    ['with another word before the last', { words: 'sh\0-x\0make it\0' }],
    ['with a word more: a shell that reads a script', { words: 'sh\0-c\0make\0it\0' }],
    ['with a word less: a shell that is kept', { words: 'sh\0-c\0' }],
    ['without a word', { words: '' }],
  ])('is for no child %s: it may belong elsewhere', (_, other) => {
    foresee()
    expect(comes(1234, other).isThere).toBe(false)
    expect(intoLeaf()).toBe('')
    expect(comes(1235).isThere).toBe(true)
  })
})

test('nobody is expected any more once another is held, which may be the one that has the leaf', () => {
  foresee()
  native.count_entry()
  heard++
  expect(comes(1234).isThere).toBe(false)
})

test('acg_foresee() does nothing before the other side has heard of all who came: the leaf may be theirs', () => {
  native.count_entry()
  expect(foresee({ hasHeard: heard })).toBe(false)
  expect(comes(1234).isThere).toBe(false)
  heard++
  expect(foresee()).toBe(true)
})

test('acg_foresee_nobody() takes it back', () => {
  foresee()
  native.acg_foresee_nobody()
  expect(comes(1234).isThere).toBe(false)
})
