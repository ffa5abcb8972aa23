// Damages files as disks, copying and wrong programs do: each kind of damage is a function of the file and of
// random numbers, and says whether a reader can tell that something is wrong.

import type { Pcg64 } from '../cli/analysis/pcg64.ts'

export interface Damaged {
  readonly kind: string
  readonly bytes: Buffer
}

type Mutation = (bytes: Buffer, random: Pcg64) => Buffer | null

const OTHER_VALUES = ['null', '"text"', '[]', '{}', 'true', '-1', '""', '[1,[2]]'] as const
const HUGE = ['1e400', '-1e308', '99999999999999999999999999', 'NaN'] as const
const NOT_UTF8 = [0xff, 0xc0, 0x80, 0xfe]

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  cut: (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  'swapped type': (bytes, random) =>
    replaceValue(bytes, random, (old) =>
      pick(
        OTHER_VALUES.filter((value) => value !== old),
        random,
      ),
    ),
  'huge number': (bytes, random) =>
    replaceValue(bytes, random, () => pick(HUGE, random), /:\s*(-?\d[\d.e+-]*)/g),
  'bad UTF-8': (bytes, random) => {
    const at = random.below(bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([pick(NOT_UTF8, random)]), bytes.subarray(at)])
  },
  'duplicate key': (bytes, random) => {
    const text = bytes.toString('utf8')
    const match = pickMatch(text, /("[a-z_A-Z]+"):\s*("[^"\\]*"|-?\d[\d.]*|true|false|null)/g, random)
    if (!match) return null
    return Buffer.from(`${text.slice(0, match.index)}${match[1]}: 7, ${text.slice(match.index)}`)
  },
  'clock backwards': (bytes, random) => {
    const text = bytes.toString('utf8')
    const match = pickMatch(text, /"(?:epoch|timestamp|end_timestamp)":\s*("[^"]+"|[\d.]+)/g, random)
    if (!match) return null
    const value = match[1] as string
    const earlier = value.startsWith('"') ? '"2026-09-01T00:00:00.000Z"' : '1780000000.5'
    return Buffer.from(
      text.slice(0, match.index) +
        match[0].replace(value, earlier) +
        text.slice(match.index + match[0].length),
    )
  },
  'garbage in the middle': (bytes, random) => {
    const at = random.below(bytes.length)
    const garbage = Buffer.from(Array.from({ length: 1 + random.below(20) }, () => random.below(256)))
    return Buffer.concat([
      bytes.subarray(0, at),
      garbage,
      bytes.subarray(Math.min(bytes.length, at + garbage.length)),
    ])
  },
}

/** null if the file has nothing that this kind of damage could hit. */
export function damage(kind: string, bytes: Buffer, random: Pcg64): Damaged | null {
  const mutated = (MUTATIONS[kind] as Mutation)(bytes, random)
  return mutated === null || mutated.equals(bytes) ? null : { kind, bytes: mutated }
}

function replaceValue(
  bytes: Buffer,
  random: Pcg64,
  by: (old: string) => string,
  pattern = /:\s*("[^"\\]*"|-?\d[\d.e+-]*|true|false|null)/g,
): Buffer | null {
  const text = bytes.toString('utf8')
  const match = pickMatch(text, pattern, random)
  if (!match) return null
  const old = match[1] as string
  const from = match.index + match[0].length - old.length
  return Buffer.from(text.slice(0, from) + by(old) + text.slice(from + old.length))
}

function pickMatch(text: string, pattern: RegExp, random: Pcg64): RegExpExecArray | null {
  const matches = [...text.matchAll(pattern)]
  return matches.length === 0 ? null : (matches[random.below(matches.length)] as RegExpExecArray)
}

function pick<Value>(values: readonly Value[], random: Pcg64): Value {
  return values[random.below(values.length)] as Value
}
