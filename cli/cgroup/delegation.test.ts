import { expect, test } from 'bun:test'
import { favorsMoves, keepsLimits } from './delegation.ts'

const other = 'proc /proc proc rw 0 0\n'
const mounted = (options: string, folder = '/sys/fs/cgroup') =>
  `${other}cgroup2 ${folder} cgroup2 rw,nosuid,${options} 0 0\n`

test('favorsMoves() knows where to begin a move beforehand would only keep the real one waiting', () => {
  expect(favorsMoves(mounted('nsdelegate,favordynmods'))).toBe(true)
  expect(favorsMoves(mounted('nsdelegate'))).toBe(false)
})

test('keepsLimits() asks for nsdelegate on the mount that leaves are made in', () => {
  expect(keepsLimits(mounted('nsdelegate,memory_recursiveprot'))).toBe(true)
  expect(keepsLimits(mounted('memory_recursiveprot'))).toBe(false)
  expect(keepsLimits(mounted('nsdelegate', '/mnt'))).toBe(false)
  expect(keepsLimits(other)).toBe(false)
})
