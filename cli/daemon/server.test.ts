import { expect, test } from 'bun:test'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { connectUnix, listenUnix, receiveWithDescriptors, sendWithDescriptors } from '../../ffi/mod.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import type { Programs } from './programs.ts'
import { ANSWER_BYTES, decodeAnswer } from './protocol.ts'
import { Server } from './server.ts'

const folder = temporaryFolder()
const IDLE_MS = 20

/** Programs that no run uses, and that are to be kept a while. */
class Unused implements Programs {
  readonly #untilMs = performance.now() + 60
  #areThere = true
  forgottenAtMs = 0
  timesPrepared = 0

  constructor(
    private readonly whenForgotten: () => void = () => {},
    private readonly timesDue = 0,
    private readonly whenPrepared: () => void = () => {},
  ) {}

  acquire(): never {
    throw new Error('nobody asked')
  }

  release(): void {}

  get isNextDue(): boolean {
    return this.timesPrepared < this.timesDue
  }

  prepareNext(): void {
    this.timesPrepared++
    this.whenPrepared()
  }

  get keptForMs(): number | null {
    return this.#areThere ? Math.max(0, Math.ceil(this.#untilMs - performance.now())) : null
  }

  forget(): void {
    this.#areThere = false
    this.forgottenAtMs = performance.now()
    this.whenForgotten()
  }
}

test('the server forgets programs that no run has used for long enough, and ends later: it would hold them for ever', () => {
  const programs = new Unused()
  new Server(listenUnix(join(folder, 'alone'), 'packets', 1), programs, () => {}).run(IDLE_MS)
  expect(programs.forgottenAtMs).toBeGreaterThan(0)
  expect(performance.now() - programs.forgottenAtMs).toBeGreaterThanOrEqual(IDLE_MS - 1)
})

test('one who is connected and asks for nothing does not keep them: any user could, for every process to pay', () => {
  const path = join(folder, 'silent')
  const listener = listenUnix(path, 'packets', 1)
  const silent = connectUnix(path, 'packets', 1)
  const programs = new Unused(() => closeSync(silent))
  new Server(listener, programs, () => {}).run(IDLE_MS)
  expect(programs.forgottenAtMs).toBeGreaterThan(0)
})

test('what the next run would wait for is made when whoever asks has his answer: he would wait for it else', () => {
  const path = join(folder, 'ahead')
  const listener = listenUnix(path, 'packets', 1)
  const asking = connectUnix(path, 'packets', 1)
  sendWithDescriptors(asking, Buffer.from('no request'), [])
  let answer: ReturnType<typeof decodeAnswer> = null
  const programs = new Unused(undefined, 1, () => {
    answer = decodeAnswer(receiveWithDescriptors(asking, ANSWER_BYTES, { wait: false }).bytes)
    closeSync(asking)
  })
  new Server(listener, programs, () => {}).run(IDLE_MS)
  expect(answer as unknown).toBe('not understood')
  expect(programs.timesPrepared).toBe(1)
})
