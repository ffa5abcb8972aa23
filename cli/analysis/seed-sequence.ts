// numpy's SeedSequence: spreads a seed of any size over a pool of four 32-bit words, and makes from it as many words
// as a generator needs. After M. E. O'Neill's seed_seq; the constants are numpy's.

const POOL_WORDS = 4
const INIT_A = 0x43b0d7e5
const MULT_A = 0x931e8875
const INIT_B = 0x8b51f9dd
const MULT_B = 0x58f38ded
const MIX_LEFT = 0xca01f9dd
const MIX_RIGHT = 0x4973f715
const HALF = 16

/** `count` words of 32 bits for a seed of 0 or more. */
export function seedWords(seed: bigint, count: number): number[] {
  const pool = mixedPool(entropyWords(seed))
  let constant = INIT_B
  return Array.from({ length: count }, (_, at) => {
    let word = ((pool[at % POOL_WORDS] as number) ^ constant) >>> 0
    constant = Math.imul(constant, MULT_B) >>> 0
    word = Math.imul(word, constant) >>> 0
    return (word ^ (word >>> HALF)) >>> 0
  })
}

/** The seed's words of 32 bits, the lowest first. */
function entropyWords(seed: bigint): number[] {
  if (seed < 0n) throw new RangeError(`a seed is 0 or more, not ${seed}`)
  const words: number[] = []
  for (let rest = seed; rest > 0n || words.length === 0; rest >>= 32n) words.push(Number(rest & 0xffffffffn))
  return words
}

function mixedPool(entropy: readonly number[]): number[] {
  let constant = INIT_A
  const hash = (value: number): number => {
    const word = (value ^ constant) >>> 0
    constant = Math.imul(constant, MULT_A) >>> 0
    const mixed = Math.imul(word, constant) >>> 0
    return (mixed ^ (mixed >>> HALF)) >>> 0
  }
  const pool = Array.from({ length: POOL_WORDS }, (_, at) => hash(entropy[at] ?? 0))
  for (let from = 0; from < POOL_WORDS; from++) {
    for (let to = 0; to < POOL_WORDS; to++) {
      if (from !== to) pool[to] = mix(pool[to] as number, hash(pool[from] as number))
    }
  }
  for (const word of entropy.slice(POOL_WORDS)) {
    for (let to = 0; to < POOL_WORDS; to++) pool[to] = mix(pool[to] as number, hash(word))
  }
  return pool
}

function mix(one: number, other: number): number {
  const mixed = (Math.imul(MIX_LEFT, one) - Math.imul(MIX_RIGHT, other)) >>> 0
  return (mixed ^ (mixed >>> HALF)) >>> 0
}
