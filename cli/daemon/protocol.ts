// What acg's daemon is asked, and what it answers: packets of fixed-size numbers, little-endian, and descriptors.
// There is no text, no path and no length in them, so that there is next to nothing to get wrong.
//
//   request  u32 magic · u32 verb · u32 ringBytes · u32 wakeDepth · u32 pidNamespace · u32 rideAlongMs
//   answer   u32 magic · u32 outcome
//
//   open     → granted, with the ring, the counter of losses, and a link for each program
//   follow   + the pidfd of the run's first process → granted
//
// A connection is a run: it is opened once, and its end is the run's.

import type { Reader } from '../watch/bpf/watched-run.ts'

/** The last byte is the version. */
const MAGIC = 0x61636702

export const REQUEST_BYTES = 24
export const ANSWER_BYTES = 8

const VERBS = { open: 1, follow: 2 } as const
export type Verb = keyof typeof VERBS

export interface Request extends Reader {
  readonly verb: Verb
  readonly ringBytes: number
}

/** Why something is not granted; in these words it is told to the user. */
export const OUTCOMES = {
  granted: { code: 0, says: 'granted' },
  'not understood': { code: 1, says: 'it does not understand this version of acg' },
  'out of bounds': { code: 2, says: 'what it is asked for is out of bounds' },
  'not in turn': { code: 3, says: 'a run is opened once, and followed once' },
  'too many': { code: 4, says: 'you have as many runs watched as one user may' },
  'not yours': { code: 5, says: 'the process is not in a container of yours' },
  gone: { code: 6, says: 'the process has ended' },
  'already followed': { code: 7, says: 'the process belongs to another run' },
  'kernel refused': { code: 8, says: 'the kernel refused the programs; see `journalctl -u acg-daemon`' },
} as const
export type Outcome = keyof typeof OUTCOMES

export function encodeRequest({ verb, ringBytes, wakeDepth, pidNamespace, rideAlongMs }: Request): Buffer {
  const bytes = Buffer.alloc(REQUEST_BYTES)
  for (const [at, word] of [MAGIC, VERBS[verb], ringBytes, wakeDepth, pidNamespace, rideAlongMs].entries())
    bytes.writeUInt32LE(word, at * 4)
  return bytes
}

/** null if it is none. */
export function decodeRequest(bytes: Buffer): Request | null {
  if (bytes.length !== REQUEST_BYTES || bytes.readUInt32LE(0) !== MAGIC) return null
  const verb = (Object.keys(VERBS) as Verb[]).find((name) => VERBS[name] === bytes.readUInt32LE(4))
  if (!verb) return null
  return {
    verb,
    ringBytes: bytes.readUInt32LE(8),
    wakeDepth: bytes.readUInt32LE(12),
    pidNamespace: bytes.readUInt32LE(16),
    rideAlongMs: bytes.readUInt32LE(20),
  }
}

export function encodeAnswer(outcome: Outcome): Buffer {
  const bytes = Buffer.alloc(ANSWER_BYTES)
  bytes.writeUInt32LE(MAGIC, 0)
  bytes.writeUInt32LE(OUTCOMES[outcome].code, 4)
  return bytes
}

/** null if it is none. A daemon of another version says in its own that it did not understand. */
export function decodeAnswer(bytes: Buffer): Outcome | null {
  if (bytes.length !== ANSWER_BYTES || bytes.readUInt32LE(0) >>> 8 !== MAGIC >>> 8) return null
  const code = bytes.readUInt32LE(4)
  return (Object.keys(OUTCOMES) as Outcome[]).find((name) => OUTCOMES[name].code === code) ?? null
}
