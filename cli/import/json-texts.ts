// The part of a JSON text that somebody reads. Much of a trace is what tools printed: long texts that nobody asks for,
// and that would be garbage as soon as they are parsed, several times their own size. They are left empty before that.
// What remains is whole JSON if and only if all of it is.

/** Longer than any name, identity, time or path. */
const LONG = 4096

/** Texts of any length are read from fields of this name. */
const READ = /"command"\s*:\s*$/
const READ_BYTES = 32

const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const UNICODE = 0x75

/** One for each byte that ends or interrupts a text, may follow a backslash, is a hexadecimal digit. */
const special = marked('"\\').fill(1, 0, SPACE)
const escapable = marked('"\\/bfnrtu')
const hexadecimal = marked('0123456789abcdefABCDEF')

function marked(characters: string): Uint8Array {
  const marks = new Uint8Array(256)
  for (const each of Buffer.from(characters)) marks[each] = 1
  return marks
}

/** The text of the bytes without its long texts; all of it where one of its texts has a fault. */
export function readablePart(bytes: Buffer, from = 0, end = bytes.length): string {
  if (end - from <= LONG) return bytes.toString('utf8', from, end)
  const pieces: string[] = []
  let copied = from
  for (let at = from; at < end; at++) {
    if (bytes[at] !== QUOTE) continue
    const close = closingQuote(bytes, at + 1, end)
    if (close === -1) return bytes.toString('utf8', from, end)
    if (close - at > LONG && !isRead(bytes, from, at) && !isKey(bytes, close)) {
      pieces.push(bytes.toString('utf8', copied, at + 1))
      copied = close
    }
    at = close
  }
  const last = bytes.toString('utf8', copied, end)
  return pieces.length === 0 ? last : pieces.join('') + last
}

/** Where the text ends that begins here; -1 if it has a fault. */
function closingQuote(bytes: Buffer, from: number, end: number): number {
  let at = from
  while (at < end) {
    const each = bytes[at] as number
    if (special[each] === 0) at++
    else if (each === QUOTE) return at
    else if (each !== BACKSLASH || escapable[bytes[at + 1] as number] !== 1) return -1
    else if (bytes[at + 1] !== UNICODE) at += 2
    else if (isHexadecimal(bytes, at + 2)) at += 6
    else return -1
  }
  return -1
}

function isHexadecimal(bytes: Buffer, from: number): boolean {
  for (let at = from; at < from + 4; at++) if (hexadecimal[bytes[at] as number] !== 1) return false
  return true
}

function isRead(bytes: Buffer, from: number, open: number): boolean {
  return READ.test(bytes.toString('latin1', Math.max(from, open - READ_BYTES), open))
}

function isKey(bytes: Buffer, close: number): boolean {
  let at = close + 1
  while ((bytes[at] as number) <= SPACE) at++
  return bytes[at] === COLON
}
