import { describe, expect, test } from 'bun:test'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { PlainCgroup } from '../../test/plain-cgroup.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Leaf } from './leaf.ts'

const WRITES: Readonly<Record<string, (leaf: Leaf) => void>> = {
  'memory.high': (leaf) => leaf.setHigh(1),
  'memory.low': (leaf) => leaf.setLow(1),
  'memory.reclaim': (leaf) => leaf.reclaim(1),
  'cgroup.freeze': (leaf) => leaf.freeze(true),
  'cgroup.kill': (leaf) => leaf.kill(),
}
const parent = temporaryFolder()
let made = 0
const cgroup = () => new PlainCgroup(parent, `leaf-${++made}`)

describe('a leaf', () => {
  for (const [file, write] of Object.entries(WRITES)) {
    test(`that has been removed takes ${file} for done: its processes have ended`, () => {
      const { leaf } = cgroup()
      rmSync(leaf.folder, { recursive: true })
      expect(() => write(leaf)).not.toThrow()
    })

    test(`that is there without ${file} throws: nothing would hold`, () => {
      const { leaf } = cgroup()
      rmSync(join(leaf.folder, file))
      expect(() => write(leaf)).toThrow('ENOENT')
    })

    test(`throws what the kernel says of ${file}`, () => {
      const { leaf } = cgroup()
      rmSync(join(leaf.folder, file))
      symlinkSync('/dev/full', join(leaf.folder, file))
      expect(() => write(leaf)).toThrow('ENOSPC')
    })
  }

  test('has mapped of files what of them is cache: shared memory that is mapped is held anyway', () => {
    const plain = cgroup()
    plain.holds(100, 30, 20)
    expect(plain.leaf.mappedBytes()).toBe(20)
    plain.holds(100, 30, 50)
    expect(plain.leaf.mappedBytes()).toBe(30)
    expect(plain.leaf.heldBytes()).toBe(100)
  })

  test('moves all that is in it, and lets it go on afterwards: what stands would stand for good', () => {
    const [from, to] = [cgroup(), cgroup()]
    from.write('cgroup.procs', '7\n')
    expect(from.leaf.moveAllTo(to.leaf)).toEqual([7])
    expect(to.read('cgroup.procs')).toBe('7')
    expect(from.read('cgroup.freeze')).toBe('0')
    rmSync(join(to.leaf.folder, 'cgroup.procs'))
    symlinkSync('/dev/full', join(to.leaf.folder, 'cgroup.procs'))
    expect(() => from.leaf.moveAllTo(to.leaf)).toThrow('ENOSPC')
    expect(from.read('cgroup.freeze')).toBe('0')
  })

  test('holds nothing, has no process and stands, once it has been removed', () => {
    const { leaf } = cgroup()
    rmSync(leaf.folder, { recursive: true })
    expect(leaf.heldBytes()).toBe(0)
    expect(leaf.mappedBytes()).toBe(0)
    expect(leaf.pids()).toEqual([])
    expect(leaf.openForMoves()).toBeNull()
    expect(leaf.moveAllTo(cgroup().leaf)).toEqual([])
    expect(leaf.readings()).toBeNull()
    expect(leaf.history()).toBeNull()
    expect(leaf.isFrozen).toBe(false)
    expect(leaf.hasFrozen).toBe(true)
    expect(leaf.remove()).toBe(true)
  })
})
