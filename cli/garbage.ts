// Garbage is collected by how much was made. Whoever works through file after file never waits, and the engine, left to
// itself, collects so late that what a report holds grows with the number of its runs. Each thread counts for itself.

const COLLECT_EVERY = 1e6
/** Work of so much is over before collecting often has paid. */
const SHORT_WORK = 64e6
const COLLECT_RARELY_EVERY = 12e6

let made = 0
let collectAt = COLLECT_RARELY_EVERY

/** Says that so much is about to be made: characters of JSON that are parsed, or bytes that take as much room. */
export function makeRoomFor(amount: number): void {
  made += amount
  if (made < collectAt) return
  collectAt = made + (made < SHORT_WORK ? COLLECT_RARELY_EVERY : COLLECT_EVERY)
  Bun.gc(true)
}
