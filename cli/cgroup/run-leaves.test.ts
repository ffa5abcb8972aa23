import { describe, expect, test } from 'bun:test'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Leaf } from './leaf.ts'
import { RunLeaves } from './run-leaves.ts'

/** Over a folder of files that stands for a container's cgroup. */
function leaves() {
  const container = temporaryFolder()
  writeFileSync(join(container, 'memory.current'), '4096\n')
  writeFileSync(join(container, 'memory.max'), 'max\n')
  const made = Reflect.construct(RunLeaves, [container, true]) as RunLeaves
  return { made, has: (leaf: string) => existsSync(join(container, 'acg', leaf)) }
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

  test('gives a call another leaf than the one that somebody was in by mistake, once that is empty', () => {
    const { made } = leaves()
    const soiled = made.spare as Leaf
    let isEmpty = false
    soiled.remove = () => {
      if (isEmpty) rmSync(soiled.folder, { recursive: true })
      return isEmpty
    }
    made.soiledSpare()
    expect(made.spare).toBe(soiled)
    isEmpty = true
    made.tidySpare()
    const fresh = made.spare
    expect(fresh).not.toBe(soiled)
    made.tidySpare()
    expect(made.spare).toBe(fresh)
    expect(made.addCall(1)).toBe(fresh as Leaf)
  })

  test('does not lose sight of a spare leaf that another takes the place of', () => {
    const { made } = leaves()
    const full = made.spare as Leaf
    full.remove = () => false
    made.makeSpare(2)
    rmSync(dirname(full.folder), { recursive: true })
    expect(made.remove()).toEqual([full.folder])
  })

  test('reads what the container uses', () => {
    expect(leaves().made.usedBytes).toBe(4096)
  })
})
