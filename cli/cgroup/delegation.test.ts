import { expect, test } from 'bun:test'
import { keepsLimits } from './delegation.ts'

test('keepsLimits() asks for nsdelegate on the mount that leaves are made in', () => {
  const other = 'proc /proc proc rw 0 0\n'
  const mounted = (options: string, folder = '/sys/fs/cgroup') =>
    `${other}cgroup2 ${folder} cgroup2 rw,nosuid,${options} 0 0\n`
  expect(keepsLimits(mounted('nsdelegate,memory_recursiveprot'))).toBe(true)
  expect(keepsLimits(mounted('memory_recursiveprot'))).toBe(false)
  expect(keepsLimits(mounted('nsdelegate', '/mnt'))).toBe(false)
  expect(keepsLimits(other)).toBe(false)
})
