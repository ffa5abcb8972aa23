// numpy's default_rng(seed), bit for bit: PCG64 (128 bits of state, XSL-RR, the step before the output), of which
// bounded integers take 32 bits at a time, the low half first, by Lemire's method. The study's simulation draws from
// this stream, and another generator moves its savings by half a percentage point.

import { seedWords } from './seed-sequence.ts'

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n
const STATE_BITS = 128
const WORD_BITS = 64
const HALF_BITS = 32n

/** Up to here a product with a word of 32 bits is exact in a double. */
const EXACT_FACTOR = 2 ** 21
const WORD = 2 ** 32

function exactProduct(word: number, factor: number): [high: number, low: number] {
  const product = word * factor
  const high = Math.floor(product / WORD)
  return [high, product - high * WORD]
}

function wideProduct(word: number, factor: number): [high: number, low: number] {
  const product = BigInt(word) * BigInt(factor)
  return [Number(product >> HALF_BITS), Number(BigInt.asUintN(32, product))]
}

export class Pcg64 {
  #state = 0n
  readonly #increment: bigint
  /** The half of the last 64 bits that is still to be given out. */
  #rest: number | null = null

  constructor(seed: bigint | number) {
    const words = seedWords(BigInt(seed), 8).map(BigInt)
    // Words pair up low first to 64 bits; those pair up high first to 128.
    const wide = (at: number) => (words[at] as bigint) | ((words[at + 1] as bigint) << HALF_BITS)
    const initialState = (wide(0) << 64n) | wide(2)
    const sequence = (wide(4) << 64n) | wide(6)
    this.#increment = BigInt.asUintN(STATE_BITS, (sequence << 1n) | 1n)
    this.#step()
    this.#state = BigInt.asUintN(STATE_BITS, this.#state + initialState)
    this.#step()
  }

  /** `random_raw()` */
  next64(): bigint {
    this.#step()
    const folded = BigInt.asUintN(WORD_BITS, (this.#state >> 64n) ^ this.#state)
    const turn = this.#state >> 122n
    return BigInt.asUintN(WORD_BITS, (folded >> turn) | (folded << ((64n - turn) & 63n)))
  }

  /** `integers(0, bound)`: 0 to bound - 1, for a bound of at most 2^32 - 1. A bound of 1 draws nothing. */
  below(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound < 2 ** 32))
      throw new RangeError(`no bound: ${bound}`)
    if (bound === 1) return 0
    const threshold = (2 ** 32 - bound) % bound
    for (;;) {
      const [high, low] =
        bound <= EXACT_FACTOR ? exactProduct(this.#next32(), bound) : wideProduct(this.#next32(), bound)
      if (low >= threshold) return high
    }
  }

  #next32(): number {
    if (this.#rest !== null) {
      const rest = this.#rest
      this.#rest = null
      return rest
    }
    const next = this.next64()
    this.#rest = Number(next >> HALF_BITS)
    return Number(BigInt.asUintN(32, next))
  }

  #step(): void {
    this.#state = BigInt.asUintN(STATE_BITS, this.#state * MULTIPLIER + this.#increment)
  }
}
