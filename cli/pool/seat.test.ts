// Seats in one process: as many runs, which know of each other by the socket alone.

import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { type Need, NO_NEED } from '../policy/need.ts'
import { Seat } from './seat.ts'

const MB = 1 << 20
const POOL = 1000 * MB
const ROOM = 950 * MB
const parent = temporaryFolder()

/** A run that keeps to what it is told, as soon as it looks. */
class Run implements Disposable {
  need: Need = NO_NEED
  agentBytes = 0
  readonly #looking: Timer

  private constructor(readonly seat: Seat) {
    this.#looking = setInterval(() => {
      seat.tell({ agentBytes: this.agentBytes, need: this.need, carriedOut: seat.order })
    }, 5)
  }

  static async join(folder: string, run: string): Promise<Run> {
    return new Run(await Seat.take({ folder, run, priority: 'normal', poolBytes: POOL }))
  }

  holds(bytes: number, isShort = false): void {
    this.need = { ...NO_NEED, isGrowing: true, isShort, heldBytes: bytes, growingBytes: bytes }
  }

  rests(): void {
    this.need = NO_NEED
  }

  get leaseMb(): number {
    return Math.round(this.seat.order.leaseBytes / MB)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking)
    this.seat[Symbol.dispose]()
  }
}

const runs: Run[] = []
afterEach(() => {
  for (const run of runs.splice(0)) run[Symbol.dispose]()
})

async function joined(folder: string, ...names: string[]): Promise<Run[]> {
  for (const name of names) runs.push(await Run.join(folder, name))
  return runs
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1000) throw new Error('it has not come to hold within 5 s')
    await Bun.sleep(5)
  }
}

const newFolder = () => mkdtempSync(join(parent, 'pool-'))

describe('a seat in the pool', () => {
  test('has all of it to itself while nobody else is there', async () => {
    const [one] = await joined(newFolder(), 'one')
    await until(() => one?.leaseMb === ROOM / MB)
  })

  test('lets the one that grows have what the other does not hold, and takes it back', async () => {
    const [one, other] = (await joined(newFolder(), 'one', 'other')) as [Run, Run]
    one.holds(100 * MB)
    await until(() => one.leaseMb > 800)
    expect(other.leaseMb).toBeGreaterThan(50)
    one.rests()
    other.holds(50 * MB, true)
    await until(() => other.leaseMb > 800)
    expect(one.leaseMb + other.leaseMb).toBeLessThanOrEqual(ROOM / MB)
  })

  test('goes on when the leader has gone, and nobody gets what another has', async () => {
    const folder = newFolder()
    const [leads, one, other] = (await joined(folder, 'leads', 'one', 'other')) as [Run, Run, Run]
    one.holds(600 * MB)
    await until(() => one.leaseMb > 700)
    leads[Symbol.dispose]()
    other.holds(50 * MB, true)
    for (let at = 0; at < 100; at++) {
      expect(one.leaseMb + other.leaseMb).toBeLessThanOrEqual(ROOM / MB)
      await Bun.sleep(5)
    }
    one.rests()
    await until(() => other.leaseMb > 800)
    expect(other.seat.silentMs).toBeLessThan(2000)
  })

  test('outlives whoever says what is not understood', async () => {
    const folder = newFolder()
    const [one] = (await joined(folder, 'one')) as [Run]
    for (const text of ['x\n', '{"run":"one"}\n', `${'x'.repeat(5000)}`, '{"heard":-1}\n']) {
      const stranger = connect(join(folder, 'socket'))
      const closed = new Promise((resolve) => stranger.once('close', resolve))
      stranger.on('error', () => {}).write(text)
      await closed
    }
    one.holds(10 * MB)
    await until(() => one.leaseMb === ROOM / MB)
  })

  test('is the user’s alone', async () => {
    const folder = join(newFolder(), 'new')
    await joined(folder, 'one')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  })

  test('is refused where no socket can be: nobody runs beside the others unseen', async () => {
    const file = join(newFolder(), 'file')
    writeFileSync(file, '')
    await expect(joined(join(file, 'pool'), 'one')).rejects.toThrow(
      'cannot share memory with your other runs',
    )
    await expect(joined(join(parent, 'x'.repeat(120)), 'one')).rejects.toThrow('cannot share memory')
  })
})
