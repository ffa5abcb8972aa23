// bun run layouts: writes acg.gen.ts, the TypeScript half of acg.h, from the BTF of the compiled object.

import { join } from 'node:path'

interface Member {
  readonly name: string
  readonly type_id: number
  readonly bits_offset: number
}

interface Type {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly size?: number
  readonly type_id?: number
  readonly nr_elems?: number
  readonly members?: readonly Member[]
  readonly values?: readonly { name: string; val: number }[]
}

const HEAD = `// Written by \`bun run layouts\` from acg.h; not to be changed by hand. Structs keep C's names. A u64 is exact up to 2^53.
//
// They lie in words of 32 bits, \`at\` in bytes and divisible by 4: for each field of a DataView the engine calls a
// function, until it compiles that.

/** A copy of bytes that may begin anywhere, less what is no whole word at their end. */
export function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + (byteLength & ~3)) as ArrayBuffer)
}
`

const WORD_BYTES = 4

interface Access {
  read(word: number, shift: number): string
  write(word: number, shift: number, value: string): string
}

const wordAt = (word: number) => `words[${word === 0 ? 'i' : `i + ${word}`}]`

const INTEGERS: Readonly<Record<string, Access>> = {
  __u64: {
    read: (word) => `(${wordAt(word)} as number) + (${wordAt(word + 1)} as number) * 2 ** 32`,
    write: (word, _, value) =>
      `${wordAt(word)} = ${value} % 2 ** 32\n    ${wordAt(word + 1)} = ${value} / 2 ** 32`,
  },
  __u32: {
    read: (word) => `${wordAt(word)} as number`,
    write: (word, _, value) => `${wordAt(word)} = ${value}`,
  },
  __u16: {
    read: (word, shift) =>
      shift === 0 ? `(${wordAt(word)} as number) & 0xffff` : `(${wordAt(word)} as number) >>> ${shift}`,
    write: (word, shift, value) => {
      const [others, own] =
        shift === 0 ? ['0xffff0000', `(${value} & 0xffff)`] : ['0xffff', `(${value} << ${shift})`]
      return `${wordAt(word)} = ((${wordAt(word)} as number) & ${others}) | ${own}`
    },
  },
}

/** The text of acg.gen.ts for an object. Throws if bpftool is missing or the object has what acg.h must not. */
export function layoutsOf(object: string): string {
  const types = readBtf(object)
  // Every compiler has an order of its own.
  const own = types.filter(({ name }) => name.startsWith('acg_')).sort((a, b) => a.name.localeCompare(b.name))
  const enums = own.filter(({ kind }) => kind === 'ENUM').map(enumText)
  const structs = own.filter(({ kind }) => kind === 'STRUCT')
  const parts = [...enums, ...structs.map((type) => structText(type, types)), ...defines()]
  return `${HEAD}\n${parts.join('\n')}`
}

function readBtf(object: string): Type[] {
  const bpftool = Bun.which('bpftool', { PATH: `${process.env.PATH}:/usr/sbin` })
  if (!bpftool) throw new Error('there is no bpftool\n  hint: ./tools/packages.sh --tests')
  const { exitCode, stdout } = Bun.spawnSync([bpftool, '-j', 'btf', 'dump', 'file', object])
  if (exitCode !== 0) throw new Error(`bpftool cannot read ${object}`)
  return (JSON.parse(stdout.toString()) as { types: Type[] }).types
}

function enumText({ name, values }: Type): string {
  const lines = (values ?? []).map((value) => `  ${value.name}: ${value.val},`)
  return `export const ${name} = {\n${lines.join('\n')}\n} as const\n`
}

function structText({ name, size, members = [] }: Type, types: readonly Type[]): string {
  if (size === undefined || size % WORD_BYTES !== 0)
    throw new Error(`${name} in acg.h does not end with a word of 32 bits`)
  const fields = members.filter((member) => !member.name.startsWith('pad'))
  const reads = fields.map((member) => `      ${member.name}: ${access(member, types, 'read')},`)
  const writes = fields.map((member) => `    ${access(member, types, 'write')}`)
  // By which it is known what the rest is, before that is read.
  const kind = fields.find((member) => member.name === 'kind')
  const kindOf = kind
    ? `
  kindOf: (words: Uint32Array, at: number): number => {
    const i = at >> 2
    return ${access(kind, types, 'read')}
  },`
    : ''
  const declared = fields.map((member) => `  ${member.name}: ${fieldType(member, types)}`)
  const hasIntegers = fields.some((member) => fieldType(member, types) === 'number')
  const first = hasIntegers ? '\n    const i = at >> 2' : ''
  return `export interface ${name} {
${declared.join('\n')}
}

export const ${name} = {
  bytes: ${size},${kindOf}
  read: (words: Uint32Array, at: number): ${name} => {${first}
    return {
${reads.join('\n')}
    }
  },
  write: (words: Uint32Array, at: number, value: ${name}): void => {${first}
${writes.join('\n')}
  },
}
`
}

function fieldType(member: Member, types: readonly Type[]): string {
  const type = types.find(({ id }) => id === member.type_id)
  return type?.kind === 'STRUCT' ? type.name : 'number'
}

function access(member: Member, types: readonly Type[], way: 'read' | 'write'): string {
  const from = member.bits_offset / 8
  const type = types.find(({ id }) => id === member.type_id)
  const value = `value.${member.name}`
  const integer = INTEGERS[type?.name ?? '']
  if (type?.name !== '__u16' && from % WORD_BYTES !== 0)
    throw new Error(`${member.name} in acg.h begins within a word of 32 bits`)
  if (type?.kind === 'TYPEDEF' && integer)
    return integer[way](Math.floor(from / WORD_BYTES), member.bits_offset % (8 * WORD_BYTES), value)
  if (type?.kind !== 'STRUCT')
    throw new Error(`${member.name} in acg.h is no integer of 16, 32 or 64 bits and no struct`)
  const at = from === 0 ? 'at' : `at + ${from}`
  return `${type.name}.${way}(words, ${at}${way === 'write' ? `, ${value}` : ''})`
}

/** Numbers that acg.h names by #define, which BTF does not know. */
function defines(): string[] {
  const { stdout } = Bun.spawnSync(['cc', '-E', '-dM', '-x', 'c', join(import.meta.dir, 'acg.h')])
  const numbers = [...stdout.toString().matchAll(/^#define (ACG_\w+) (0x[0-9a-f]+|\d+)$/gm)]
  return numbers
    .map(([, name, value]) => `export const ${name} = ${value}\n`)
    .sort((a, b) => a.localeCompare(b))
}

if (import.meta.main) {
  const folder = join(import.meta.dir, '..')
  await Bun.write(
    join(import.meta.dir, 'acg.gen.ts'),
    layoutsOf(join(folder, 'dist', 'native', 'programs.bpf.o')),
  )
  Bun.spawnSync(['bun', 'x', 'biome', 'check', '--write', 'bpf/acg.gen.ts'], { cwd: folder })
}
