import { afterAll, beforeAll, expect, test } from 'bun:test'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Clock, clockNs } from '../../../ffi/mod.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import type { ExecEvent } from '../process-event.ts'
import type { HeldExec } from '../watcher.ts'
import { SeccompWatcher } from './seccomp-watcher.ts'

const STARTS_CONTAINER = join(import.meta.dir, '../../../test/watch/filtered.py')

/** An agent under a real filter, whose execs are let go when the test says so. */
class Watched {
  readonly folder = temporaryFolder()
  readonly execs: ExecEvent[] = []
  readonly #held: { exec: HeldExec; letGo: () => void }[] = []
  #taken = 0
  readonly #ended = Promise.withResolvers<void>()
  readonly #child: Bun.Subprocess<'pipe', 'pipe', 'inherit'>
  readonly #lines: AsyncIterator<string>
  readonly watcher = new SeccompWatcher(this.folder, clockNs(Clock.MONOTONIC), {
    attached: () => {},
    events: (events) => {
      for (const event of events) if (event.event === 'exec') this.execs.push(event)
    },
    held: (exec, letGo) => this.#held.push({ exec, letGo }),
    ended: () => this.#ended.resolve(),
    failed: (error) => this.#ended.reject(error),
  })

  constructor() {
    this.watcher.start()
    this.#child = Bun.spawn(['python3', STARTS_CONTAINER, 'runtime', join(this.folder, 'seccomp.sock')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    })
    this.#lines = linesOf(this.#child.stdout)
  }

  /** The next exec that was held or foreseen. */
  async next(): Promise<{ exec: HeldExec; letGo: () => void }> {
    for (;;) {
      const held = this.#held[this.#taken]
      if (held) {
        this.#taken++
        return held
      }
      await Bun.sleep(1)
    }
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value
  }

  /** Has the agent run a command. */
  run(command: string): void {
    this.#child.stdin.write(`${command}\n`)
    this.#child.stdin.flush()
  }

  async end(): Promise<void> {
    // Also who a failed test has left standing.
    process.kill(-this.#child.pid, 'SIGKILL')
    await this.#child.exited
    this.watcher.stop()
    await this.#ended.promise
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  for await (const bytes of stream) {
    const lines = (rest + Buffer.from(bytes).toString()).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

const watched = new Watched()
const { watcher, folder } = watched
afterAll(() => watched.end())

/** Runs a command whose shell is held, and lets that go. */
async function runHeld(command: string): Promise<HeldExec> {
  watched.run(command)
  const { exec, letGo } = await watched.next()
  expect(exec).toMatchObject({ argv: ['sh', '-c', `${command}\n`], placed: null })
  letGo()
  return exec
}

let agent: HeldExec
beforeAll(async () => {
  const { exec, letGo } = await watched.next()
  letGo()
  agent = exec
  expect(await watched.line()).toBe('ready')
})

/** The agent's next `sh -c`, into what stands for a leaf. */
function foresee(leaf: string): void {
  const { file } = watched.execs.findLast(({ argv }) => argv[0] === 'sh') as ExecEvent
  const procs = openSync(leaf, 'w')
  const beginning = { parent: agent.id, file: file as string, words: ['sh', '-c'] }
  watcher.door.foresee({ ...beginning, procs, oomScoreAdj: 500 })
}

test('an exec stands still until it is let go', async () => {
  watched.run('echo first')
  const { letGo } = await watched.next()
  const line = watched.line()
  expect(await Promise.race([line, Bun.sleep(100)])).toBeUndefined()
  letGo()
  expect(await line).toBe('first')
})

test('one that is foreseen is put into its leaf, guarded, and does not; the next one does', async () => {
  await runHeld('echo second')
  expect(await watched.line()).toBe('second')
  const leaf = join(folder, 'leaf')
  foresee(leaf)
  watched.run('read score < /proc/self/oom_score_adj; echo $score')
  expect(await watched.line()).toBe('500')
  const { exec } = await watched.next()
  expect(exec.placed?.standardError).toBeNumber()
  expect(readFileSync(leaf, 'utf8')).toBe(`${exec.id.pid}`)
  await runHeld('echo third')
  expect(await watched.line()).toBe('third')
})

test('nobody is foreseen once another is held: the leaf may be that one’s', async () => {
  const [leaf, pipe] = [join(folder, 'other-leaf'), join(folder, 'pipe')]
  Bun.spawnSync(['mkfifo', pipe])
  // Open for both, so that neither side waits for the other to come.
  const ownEnd = openSync(pipe, 'r+')
  foresee(leaf)
  watched.run(`read word < ${pipe}; /bin/true; echo fourth`)
  const { exec } = await watched.next()
  expect(exec.placed).not.toBeNull()
  foresee(leaf)
  writeSync(ownEnd, 'now\n')
  const { exec: held, letGo } = await watched.next()
  expect(held).toMatchObject({ argv: ['/bin/true'], placed: null })
  letGo()
  expect(await watched.line()).toBe('fourth')
  closeSync(ownEnd)
  await runHeld('echo fifth')
  expect(await watched.line()).toBe('fifth')
})
