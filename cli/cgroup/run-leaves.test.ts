import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { LEAST_BYTES, RunLeaves } from './run-leaves.ts'

/** Over a folder of files that stands for a container's cgroup. */
function leaves({ enforces = true, limit = 'max' } = {}) {
  const container = temporaryFolder()
  writeFileSync(join(container, 'memory.current'), '4096\n')
  writeFileSync(join(container, 'memory.max'), `${limit}\n`)
  const made = Reflect.construct(RunLeaves, [container, enforces]) as RunLeaves
  const file = (leaf: string, name: string) => join(container, 'acg', leaf, name)
  return {
    made,
    has: (leaf: string) => existsSync(file(leaf, '')),
    high: (leaf: string) =>
      existsSync(file(leaf, 'memory.high')) ? Number(readFileSync(file(leaf, 'memory.high'), 'utf8')) : null,
  }
}

describe('RunLeaves', () => {
  test('has the first call’s leaf ready before there is a call', () => {
    const { made, has } = leaves()
    expect(has('call-1')).toBe(true)
    expect(made.call(1)).toBeUndefined()
    expect(made.addCall(1).folder).toEndWith('/acg/call-1')
  })

  test('gives a call the leaf of its own number, though another’s stands ready', () => {
    const { made } = leaves()
    expect(made.addCall(2).folder).toEndWith('/acg/call-2')
  })

  test('makes no spare of a call that has had its leaf: a pipeline’s later stage begins an old call again', () => {
    const { made, has } = leaves()
    made.addCall(2)
    expect(() => made.makeSpare(2)).not.toThrow()
    expect(() => made.makeSpare(1)).not.toThrow()
    expect(has('call-3')).toBe(false)
  })

  test('lets a call begin with the least where a limit is shared: it runs before it is known what it may have', () => {
    const { made, high } = leaves({ limit: `${1 << 30}` })
    expect(high('call-1')).toBe(LEAST_BYTES)
    made.addCall(2)
    expect(high('call-2')).toBe(LEAST_BYTES)
  })

  test('slows nobody where it only observes, or where there is no limit', () => {
    expect(leaves({ enforces: false, limit: `${1 << 30}` }).high('call-1')).toBeNull()
    expect(leaves().high('call-1')).toBeNull()
  })

  test('reads what the container uses', () => {
    expect(leaves().made.usedBytes).toBe(4096)
  })
})
