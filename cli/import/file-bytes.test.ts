import { describe, expect, test } from 'bun:test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { readBytes } from './file-bytes.ts'
import { LossLog, lossLine } from './losses.ts'

const root = temporaryFolder()

function read(file: string): { text: string | null; losses: string[] } {
  const losses = new LossLog()
  const text = readBytes({ root, file, losses })?.toString() ?? null
  return { text, losses: losses.list().map(lossLine) }
}

function written(text: string | Uint8Array): string {
  writeFileSync(join(root, 'some.json'), text)
  return 'some.json'
}

describe('readBytes()', () => {
  test.each([
    ['nothing', ''],
    ['little', 'ünï'],
    ['more than is kept', 'x'.repeat(40_000_000)],
    ['little after much', 'y'],
  ])('has the whole file and no more when it holds %s', (_, text) => {
    const { text: found, losses } = read(written(text))
    expect(losses).toEqual([])
    expect(found === text).toBe(true)
  })

  test('reads what says that its size is zero', () => {
    const losses = new LossLog()
    const bytes = readBytes({ root: '/proc/self', file: 'status', losses })
    expect(bytes?.toString()).toContain('Pid:')
  })

  test('leaves a byte order mark out', () => {
    expect(read(written('\uFEFF{}'))).toEqual({ text: '{}', losses: [] })
  })

  test('names what is not UTF-8, not there or no file', () => {
    expect(read(written(Uint8Array.of(0x22, 0xff, 0x22))).losses).toEqual([
      'some.json: has bytes that are not UTF-8',
    ])
    expect(read('missing.json')).toEqual({ text: null, losses: ['missing.json: is not there'] })
    mkdirSync(join(root, 'folder'))
    expect(read('folder')).toEqual({ text: null, losses: ['folder: cannot be read (EISDIR)'] })
  })
})
