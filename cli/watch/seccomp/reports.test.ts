import { describe, expect, test } from 'bun:test'
import {
  acg_asked,
  acg_chain,
  acg_chain_end,
  acg_exit,
  acg_flag,
  acg_kin,
  acg_kind,
} from '../../../bpf/acg.gen.ts'
import { ReportStream } from './reports.ts'

const EVENT = { time_ns: 5, start_ticks: 7, pid: 42, flags: 0 }
const TOLD = { timeNs: 5, id: { pid: 42, start_ticks: 7 } }
const KIN = { pid: 42, parent_pid: 41, group: 42, session: 40, start_ticks: 7 }

type Layout<Value> = { bytes: number; write: (words: Uint32Array, at: number, value: Value) => void }

function bytesOf<Value>({ bytes, write }: Layout<Value>, value: Value): Buffer {
  const words = new Uint32Array(bytes / 4)
  write(words, 0, value)
  return Buffer.from(words.buffer)
}

function message(...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([length, body])
}

const exit = (status: number, flags = 0) =>
  message(bytesOf(acg_exit, { event: { ...EVENT, kind: acg_kind.ACG_EXIT, flags }, status }))

const chain = message(
  bytesOf(acg_chain, {
    event: { ...EVENT, kind: acg_kind.ACG_CHAIN },
    ...{ count: 1, end: acg_chain_end.ACG_CHAIN_ROOT },
  }),
  bytesOf(acg_kin, KIN),
)

function asked(flags = 0): Buffer {
  const [file, head, argv, cwd, environment] = [
    './s',
    '#!/usr/bin/env node\n',
    './s\0\0a\0',
    '/p',
    'ACG_X=1\0',
  ].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer, Buffer, Buffer]
  const fixed = bytesOf(acg_asked, {
    event: { ...EVENT, kind: acg_kind.ACG_ASKED, flags },
    ...{ stdin_pipe: 77, stdout_pipe: 0, cookie_low: 0xffffffff, cookie_high: 0x80000001 },
    ...{ listener: 9, standard_error: 13 },
    ...{ file_bytes: file.length, head_bytes: head.length, argv_bytes: argv.length },
    ...{ cwd_bytes: cwd.length, environment_bytes: environment.length },
  })
  return message(fixed, file, head, argv, cwd, environment)
}

const exec = {
  ...{ file: './s', interpreter: 'node', argv: ['./s', '', 'a'], argv_truncated: false },
  ...{ cwd: '/p', stdin_pipe: 77, stdout_pipe: null },
}

describe('read()', () => {
  test('puts messages together however the stream is cut', () => {
    const stream = Buffer.concat([chain, asked(), exit(9)])
    const whole = new ReportStream().read(stream)
    expect(whole.map(({ kind }) => kind)).toEqual(['chain', 'exec', 'exit'])
    for (const step of [1, 3, 50]) {
      const reader = new ReportStream()
      const came = []
      // One buffer that is used again, as a socket's is.
      const piece = Buffer.alloc(step)
      for (let at = 0; at < stream.length; at += step)
        came.push(...reader.read(piece.subarray(0, stream.copy(piece, 0, at, at + step))))
      expect(came).toEqual(whole)
    }
  })

  test('throws at what is no message: thread and reader would not be of one build', () => {
    expect(() => new ReportStream().read(message(Buffer.alloc(64)))).toThrow('kind 0')
  })

  test('reads who was not known', () => {
    const end = acg_chain_end.ACG_CHAIN_ROOT
    expect(new ReportStream().read(chain)).toEqual([
      { kind: 'chain', ...TOLD, chain: { members: [KIN], end } },
    ])
  })

  test('reads an exec, and by what it is let go: the number has 64 bits', () => {
    const read = (flags: number) => new ReportStream().read(asked(flags))
    const told = { kind: 'exec', ...TOLD, exec, environment: ['ACG_X=1'], held: null, placed: null } as const
    expect(read(0)).toEqual([told])
    const held = { listener: 9, cookie: 0x80000001ffffffffn }
    expect(read(acg_flag.ACG_HELD)).toEqual([{ ...told, held }])
    // Its number and one, so that 0 is none.
    const placed = { standardError: 12 }
    expect(read(acg_flag.ACG_PLACED)).toEqual([{ ...told, placed }])
    // It was interrupted on its way.
    expect(read(acg_flag.ACG_PLACED | acg_flag.ACG_HELD)).toEqual([{ ...told, held, placed }])
  })

  test('has nothing to say of what must not be looked into', () => {
    const [report] = new ReportStream().read(asked(acg_flag.ACG_UNREADABLE))
    expect(report).toMatchObject({ exec: { file: null, cwd: null } })
  })

  test('reads how a process ended, and that it is not known', () => {
    const statuses = [exit(3 << 8), exit(9), exit(0, acg_flag.ACG_NO_STATUS)].flatMap((bytes) =>
      new ReportStream().read(bytes),
    )
    expect(statuses).toMatchObject([
      { status: { exit_code: 3, signal: null } },
      { status: { exit_code: null, signal: 9 } },
      { status: { exit_code: null, signal: null } },
    ])
  })
})
