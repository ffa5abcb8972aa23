// The text behind an event, of which the parts are known by their bytes. It is decoded at once: as long as each byte is
// a character, a part of the bytes is the same part of the characters.

export class RingText {
  /** The bytes of the words that were read last. */
  #bytes: Buffer = Buffer.alloc(0)
  #from = 0
  #whole = ''
  #isPlain = true

  /** Takes in what lies from one byte of `words` to another, as long as nobody writes there. */
  read(words: Uint32Array, from: number, to: number): void {
    if (this.#bytes.buffer !== words.buffer) this.#bytes = Buffer.from(words.buffer)
    this.#from = words.byteOffset + from
    this.#whole = this.#bytes.toString('utf8', this.#from, words.byteOffset + to)
    this.#isPlain = this.#whole.length === to - from
  }

  /** Counted from the first byte on. */
  part(from: number, to: number): string {
    if (this.#isPlain) return this.#whole.slice(from, to)
    return this.#bytes.toString('utf8', this.#from + from, this.#from + to)
  }
}
