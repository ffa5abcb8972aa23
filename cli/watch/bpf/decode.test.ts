import { describe, expect, test } from 'bun:test'
import { acg_exec, acg_exit, acg_flag, acg_fork, acg_kind } from '../../../bpf/acg.gen.ts'
import { type Decoded, Decoder } from './decode.ts'

const RUN_START_NS = 1e9
const EVENT = { time_ns: RUN_START_NS + 5_250_400, start_ticks: 7, pid: 42, flags: 0 }
const decode = (words: Uint32Array, at: number) => new Decoder(RUN_START_NS).decode(words, at)

function fork(flags = 0): Uint32Array {
  const words = new Uint32Array((acg_fork.bytes + 8) / 4)
  const event = { ...EVENT, kind: acg_kind.ACG_FORK, flags }
  acg_fork.write(words, 8, { event, parent_pid: 41, parent_start_ticks: 6 })
  return words
}

interface Text {
  file?: string
  words?: string
  folders?: string
  flags?: number
  stdin?: number
}

function writeExec({
  file = '/bin/x\0',
  words = 'x\0',
  folders = '',
  flags = 0,
  stdin = 0,
}: Text): Uint32Array {
  const text = Buffer.from(file + words + folders)
  const fields = new Uint32Array(Math.ceil((acg_exec.bytes + text.length) / 4))
  acg_exec.write(fields, 0, {
    event: { ...EVENT, kind: acg_kind.ACG_EXEC, flags },
    parent_pid: 41,
    parent_start_ticks: 6,
    number: 1,
    stdin_pipe: stdin,
    stdout_pipe: 0,
    file_bytes: Buffer.byteLength(file),
    argv_bytes: Buffer.byteLength(words),
    cwd_bytes: Buffer.byteLength(folders),
  })
  new Uint8Array(fields.buffer).set(text, acg_exec.bytes)
  return fields
}

function exec(text: Text) {
  const decoded = decode(writeExec(text), 0)
  if (decoded.kind !== 'exec') throw new Error('no exec')
  return decoded.event
}

describe('decode()', () => {
  test('reads a fork wherever it lies', () => {
    const event = { event: 'fork', time_ms: 5.25, pid: 42, start_ticks: 7 } as const
    const told: Decoded = {
      kind: 'fork',
      event: { ...event, parent: { pid: 41, start_ticks: 6 } },
      isOfRoot: false,
    }
    expect(decode(fork(), 8)).toEqual(told)
    expect(decode(fork(acg_flag.ACG_OF_ROOT), 8)).toMatchObject({ isOfRoot: true })
  })

  test('reads an exit’s code and its signal', () => {
    const words = new Uint32Array(acg_exit.bytes / 4)
    const event = { ...EVENT, kind: acg_kind.ACG_EXIT }
    acg_exit.write(words, 0, { event, status: 3 << 8 })
    expect(decode(words, 0)).toMatchObject({ event: { exit_code: 3, signal: null } })
    acg_exit.write(words, 0, { event, status: 9 })
    expect(decode(words, 0)).toMatchObject({ event: { exit_code: null, signal: 9 } })
  })

  test('throws at what is no event: reader and programs would not be of one build', () => {
    expect(() => decode(new Uint32Array(16), 0)).toThrow('kind 0')
  })
})

describe('decode() of an exec', () => {
  test('keeps empty words, the last one too, and no word is no word', () => {
    expect(exec({ words: 'a\0\0b\0\0' }).argv).toEqual(['a', '', 'b', ''])
    expect(exec({ words: '' }).argv).toEqual([])
  })

  test('reads where the ring’s data lie behind other pages, and in another ring as well', () => {
    const decoder = new Decoder(RUN_START_NS)
    const files = ['/bin/one', '/bin/two'].map((file) => {
      const at = writeExec({ file: `${file}\0` })
      const ring = new Uint8Array(at.byteLength + 4096)
      ring.set(new Uint8Array(at.buffer), 4096)
      const told = decoder.decode(new Uint32Array(ring.buffer, 4096), 0)
      return told.kind === 'exec' ? told.event.file : null
    })
    expect(files).toEqual(['/bin/one', '/bin/two'])
  })

  test('tells bytes from characters: of what is no ASCII a part would be another', () => {
    const told = exec({ file: '/bin/å\0', words: 'å\0日本\0b\0', folders: 'ö\0a\0' })
    expect(told).toMatchObject({ file: '/bin/å', argv: ['å', '日本', 'b'], cwd: '/a/ö' })
    expect(exec({ file: '', words: 'a\0' })).toMatchObject({ file: '', argv: ['a'] })
  })

  test('has each process in its own folder, also behind one in another', () => {
    const decoder = new Decoder(RUN_START_NS)
    const folders = ['b\0a\0', '', 'b\0a\0'].map((names) => {
      const told = decoder.decode(writeExec({ folders: names }), 0)
      return told.kind === 'exec' ? told.event.cwd : null
    })
    expect(folders).toEqual(['/a/b', '/', '/a/b'])
  })

  test('says that words were cut', () => {
    const cut = exec({ words: 'a\0bcd', flags: acg_flag.ACG_ARGV_CUT })
    expect(cut).toMatchObject({ argv: ['a', 'bcd'], argv_truncated: true })
  })

  test('puts the folder together from its last part to its first', () => {
    expect(exec({ folders: 'c\0b\0a\0' }).cwd).toBe('/a/b/c')
    expect(exec({ folders: '' }).cwd).toBe('/')
    expect(exec({ folders: '', flags: acg_flag.ACG_NO_CWD }).cwd).toBeNull()
  })

  test('has null for what is no pipe', () => {
    expect(exec({ stdin: 77 })).toMatchObject({ stdin_pipe: 77, stdout_pipe: null })
  })

  const script = (words: string) => exec({ file: './s\0', words, flags: acg_flag.ACG_SCRIPT })

  test('gives a script’s words back as they were typed', () => {
    expect(script('/bin/sh\0./s\0a\0')).toMatchObject({ interpreter: '/bin/sh', argv: ['./s', 'a'] })
    expect(script('/bin/sh\0-e\0./s\0')).toMatchObject({ interpreter: '/bin/sh', argv: ['./s'] })
    expect(script('/usr/bin/env\0node\0./s\0a\0')).toMatchObject({ interpreter: 'node', argv: ['./s', 'a'] })
    expect(script('/usr/bin/env\0-S node -x\0./s\0')).toMatchObject({ interpreter: 'node' })
  })

  test('keeps a script’s name where the words were cut before it', () => {
    expect(script('/bin/sh\0-eeee')).toMatchObject({ argv: ['./s'], argv_truncated: true })
  })
})
