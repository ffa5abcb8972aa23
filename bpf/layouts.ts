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

const u64 = (view: DataView, at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
const setU64 = (view: DataView, at: number, value: number) => view.setBigUint64(at, BigInt(value), true)
`

const INTEGERS: Readonly<Record<string, { read: string; write: string }>> = {
  __u64: { read: 'u64(view, AT)', write: 'setU64(view, AT, VALUE)' },
  __u32: { read: 'view.getUint32(AT, true)', write: 'view.setUint32(AT, VALUE, true)' },
  __u16: { read: 'view.getUint16(AT, true)', write: 'view.setUint16(AT, VALUE, true)' },
  __u8: { read: 'view.getUint8(AT)', write: 'view.setUint8(AT, VALUE)' },
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
  const fields = members.filter((member) => !member.name.startsWith('pad'))
  const reads = fields.map((member) => `    ${member.name}: ${access(member, types, 'read')},`)
  const writes = fields.map((member) => `    ${access(member, types, 'write')}`)
  // Where it is read what the rest is, before that is read.
  const kind = fields.find((member) => member.name === 'kind')
  const declared = fields.map((member) => `  ${member.name}: ${fieldType(member, types)}`)
  return `export interface ${name} {
${declared.join('\n')}
}

export const ${name} = {
  bytes: ${size},${kind ? `\n  kindAt: ${kind.bits_offset / 8},` : ''}
  read: (view: DataView, at: number): ${name} => ({
${reads.join('\n')}
  }),
  write: (view: DataView, at: number, value: ${name}): void => {
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
  const at = member.bits_offset === 0 ? 'at' : `at + ${member.bits_offset / 8}`
  const type = types.find(({ id }) => id === member.type_id)
  const value = `value.${member.name}`
  const integer = INTEGERS[type?.name ?? '']
  if (type?.kind === 'TYPEDEF' && integer) return integer[way].replace('AT', at).replace('VALUE', value)
  if (type?.kind !== 'STRUCT')
    throw new Error(`${member.name} in acg.h is no integer of fixed size and no struct`)
  return `${type.name}.${way}(view, ${at}${way === 'write' ? `, ${value}` : ''})`
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
