// bpf/vmlinux.h is written by hand. Each field that it names must be there in the running kernel, under that name
// and, where it is a number, of that size: CO-RE finds where a field lies, and trusts that it means the same.

import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { bpftool, bpftoolPath } from './machine.ts'

interface Type {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly size?: number
  readonly type_id?: number
  readonly members?: readonly { name: string; type_id: number }[]
}

const KERNEL = '/sys/kernel/btf/vmlinux'
const PROGRAMS = join(import.meta.dir, '../../dist/native/programs.bpf.o')
const LEAST_FIELDS = 30
/** Types of acg.h, and of the BPF helpers' own. */
const NOT_THE_KERNELS = /^(acg_|(draft|ring|losses|walk|told|subject|search|climb)?$)/

const lacks = bpftoolPath() === null || !(await Bun.file(KERNEL).exists())
if (lacks) console.log(`skipped: bpf/vmlinux.h is not checked without bpftool and ${KERNEL}`)

/** A view of BTF in which types are found by name, and typedefs and qualifiers are seen through. */
class Types {
  readonly #all: ReadonlyMap<number, Type>
  readonly structs: ReadonlyMap<string, Type>

  constructor(file: string) {
    const { types } = bpftool<{ types: Type[] }>('btf', 'dump', 'file', file)
    this.#all = new Map(types.map((type) => [type.id, type]))
    this.structs = new Map(types.filter(({ kind }) => kind === 'STRUCT').map((type) => [type.name, type]))
  }

  resolve(id: number): Type | undefined {
    const type = this.#all.get(id)
    const isSeenThrough = type && ['TYPEDEF', 'CONST', 'VOLATILE', 'TYPE_TAG'].includes(type.kind)
    return isSeenThrough ? this.resolve(type.type_id as number) : type
  }

  /** A member by name, in an anonymous struct or union too. */
  member(struct: Type, name: string): Type | undefined {
    for (const member of struct.members ?? []) {
      const type = this.resolve(member.type_id)
      if (member.name === name) return type
      const within = type && /^(\(anon\))?$/.test(member.name) ? this.member(type, name) : undefined
      if (within) return within
    }
    return undefined
  }
}

const shape = (type: Type | undefined) =>
  type && { kind: type.kind, ...(type.kind === 'INT' ? { size: type.size } : {}) }

test.skipIf(lacks)(
  'every field of bpf/vmlinux.h that a program uses is in the running kernel, of the same kind and size',
  () => {
    const ours = new Types(PROGRAMS)
    const kernel = new Types(KERNEL)
    let checked = 0
    for (const [name, struct] of ours.structs) {
      if (NOT_THE_KERNELS.test(name) || name === '(anon)') continue
      const there = kernel.structs.get(name)
      expect(there, `struct ${name}`).toBeDefined()
      for (const member of struct.members ?? []) {
        const found = there && shape(kernel.member(there, member.name))
        expect({ field: `${name}.${member.name}`, ...found }).toEqual({
          field: `${name}.${member.name}`,
          ...shape(ours.resolve(member.type_id)),
        } as { field: string })
        checked++
      }
    }
    expect(checked).toBeGreaterThan(LEAST_FIELDS)
  },
)
