// libbpf out of acg's own binary, where no privilege is needed yet.

import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { BpfError, BpfObject } from '../../ffi/bpf.ts'

function failure(use: () => unknown): BpfError {
  try {
    use()
  } catch (error) {
    if (error instanceof BpfError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('BpfObject throws what libbpf itself says of a file that is none', () => {
  const { message, log, errno } = failure(() => new BpfObject('garbage', Buffer.alloc(100)))
  expect(message).toContain('bpf_object__open_mem of garbage')
  expect(errno).toBeGreaterThan(0)
  expect(log).toContain('libbpf: elf:')
})

test('libbpf leaves nothing in the folder for temporary files', () => {
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('.bun-'))).toEqual([])
})
