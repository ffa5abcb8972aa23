import { afterAll, describe, expect, test } from 'bun:test'
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../test/errno.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import {
  accept,
  connectUnix,
  Errno,
  listenUnix,
  MOST_DESCRIPTORS,
  peerOf,
  receiveWithDescriptors,
  sendWithDescriptors,
} from './mod.ts'

const folder = temporaryFolder()
const path = join(folder, 'socket')
const listener = listenUnix(path, 'packets')
const client = connectUnix(path, 'packets', 5)
const server = accept(listener)
afterAll(() => {
  for (const fd of [listener, client, server]) closeSync(fd)
})

describe('sendWithDescriptors() and receiveWithDescriptors()', () => {
  test('pass messages one by one, and no descriptor where there is none', () => {
    sendWithDescriptors(client, Buffer.from('one'), [])
    sendWithDescriptors(client, Buffer.from('two'), [])
    expect(receiveWithDescriptors(server, 100)).toEqual({ bytes: Buffer.from('one'), descriptors: [] })
    expect(receiveWithDescriptors(server, 100).bytes.toString()).toBe('two')
  })

  test('pass descriptors of the same files', () => {
    const files = ['a', 'b', 'c'].map((name) => {
      writeFileSync(join(folder, name), name)
      return openSync(join(folder, name), 'r')
    })
    sendWithDescriptors(server, Buffer.from('x'), files)
    const { descriptors } = receiveWithDescriptors(client, 1)
    const texts = descriptors.map((fd) => {
      const text = Buffer.alloc(1)
      readSync(fd, text, 0, 1, 0)
      return text.toString()
    })
    expect(texts).toEqual(['a', 'b', 'c'])
    for (const fd of [...files, ...descriptors]) closeSync(fd)
  })

  test('pass as many as a message holds; one more is refused, since the kernel would drop it without a word', () => {
    const files = Array.from({ length: MOST_DESCRIPTORS + 1 }, () => openSync('/dev/null', 'r'))
    expect(() => sendWithDescriptors(server, Buffer.from('x'), files)).toThrow(RangeError)
    sendWithDescriptors(server, Buffer.from('x'), files.slice(1))
    const { descriptors } = receiveWithDescriptors(client, 1)
    expect(descriptors).toHaveLength(MOST_DESCRIPTORS)
    for (const fd of [...files, ...descriptors]) closeSync(fd)
  })

  // A run that asked acg's daemon for its events was lost when its terminal was resized in that moment.
  test('wait on after a signal, though the wait has a limit', () => {
    const ignore = () => {}
    process.on('SIGWINCH', ignore)
    const peer = Bun.spawn(['sh', '-c', `sleep 0.2; kill -WINCH ${process.pid}; sleep 0.2; echo late >&3`], {
      stdio: ['ignore', 'inherit', 'inherit', server],
    })
    try {
      expect(receiveWithDescriptors(client, 100).bytes.toString()).toBe('late\n')
    } finally {
      peer.kill()
      process.off('SIGWINCH', ignore)
    }
  })

  test('fail with EAGAIN rather than wait, if so asked', () => {
    expect(errnoOf(() => receiveWithDescriptors(server, 1, { wait: false }))).toBe(Errno.EAGAIN)
  })
})

test('peerOf() names this process, which connected', () => {
  expect(peerOf(server)).toMatchObject({ pid: process.pid, uid: process.getuid?.() ?? -1 })
})

test('listenUnix() refuses a path that the kernel would cut off', () => {
  expect(() => listenUnix(`/tmp/${'x'.repeat(104)}`)).toThrow(RangeError)
})

test('listenUnix() and connectUnix() throw SystemError where there is no folder, and leave no descriptor', () => {
  const nowhere = join(folder, 'no/such/folder')
  expect(errnoOf(() => listenUnix(nowhere))).toBe(Errno.ENOENT)
  expect(errnoOf(() => connectUnix(nowhere, 'packets', 1))).toBe(Errno.ENOENT)
})
