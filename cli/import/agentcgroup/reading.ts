// Reads every run of a data set and keeps its summary: on two cores and more, with a thread for each but the first,
// that takes the next task wherever the others are. No thread holds more than one run.

import { deserialize, serialize } from 'bun:jsc'
import { availableParallelism } from 'node:os'
import { type Kept, keep, keepAll, nothingKept } from '../../analysis/kept.ts'
import { makeRoomFor } from '../../garbage.ts'
import { isCompiled } from '../../own-program.ts'
import { type Loss, LossLog } from '../losses.ts'
import { SETS, type TaskFolder, taskFolders } from './layout.ts'
import { loadRun } from './load.ts'
import { succeededTasks } from './progress.ts'

export interface Reading extends Kept {
  readonly losses: readonly Loss[]
}

/** A Reading of a few runs, packed: until all are read it waits as a few bytes that are no work for the collector. */
type Part = Uint8Array

const packed = (read: Reading): Part => Bun.zstdCompressSync(new Uint8Array(serialize(read)), { level: 1 })
const unpacked = (part: Part): Reading => deserialize(Bun.zstdDecompressSync(part))

/** What a thread is given. */
export interface Share {
  readonly root: string
  readonly tasks: readonly TaskFolder[]
  readonly withSeconds: boolean
  /** By set, the tasks that succeeded. */
  readonly succeeded: ReadonlyMap<string, ReadonlySet<string>>
  /** One number that the threads share: the next task. */
  readonly next: SharedArrayBuffer
}

export type Progress = (done: number, of: number) => void

/** Fewer tasks are read before a thread has started. */
const WORTH_A_THREAD = 12
const MOST_THREADS = 8

/** How many runs a thread hands over at once. */
const TOGETHER = 8
/** How much larger than their bytes they are then. */
const UNPACKED = 4

export async function readDataSet(root: string, progress: Progress, withSeconds = false): Promise<Reading> {
  const losses = new LossLog()
  const tasks = taskFolders(root, losses)
  const succeeded = new Map(
    SETS.map(({ key, folder }) => [key, succeededTasks({ root, file: `${folder}/progress.json`, losses })]),
  )
  const share: Share = { root, tasks, withSeconds, succeeded, next: new SharedArrayBuffer(4) }
  const threads = Math.min(MOST_THREADS, availableParallelism(), Math.floor(tasks.length / WORTH_A_THREAD))
  const parts: Part[] = []
  const take = (part: Part) => void parts.push(part)
  const others = Array.from({ length: Math.max(0, threads - 1) }, () => inThread(share, take))
  readShare(share, progress, take)
  await Promise.all(others)
  progress(tasks.length, tasks.length)
  const kept = nothingKept()
  const found: Loss[] = []
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    makeRoomFor(UNPACKED * part.byteLength)
    const read = unpacked(part)
    keepAll(kept, read)
    found.push(...read.losses)
  }
  found.sort((one, other) => (one.file < other.file ? -1 : 1))
  return { ...kept, losses: [...losses.list(), ...found] }
}

/** Reads tasks until there are none left, and hands over what it has every so often. */
export function readShare(
  { root, tasks, withSeconds, succeeded, next }: Share,
  progress: Progress,
  handOver: (part: Part) => void,
): void {
  const counter = new Int32Array(next)
  let losses = new LossLog()
  let kept = nothingKept()
  for (;;) {
    const at = Atomics.add(counter, 0, 1)
    const task = tasks[at]
    if (task === undefined) break
    progress(at, tasks.length)
    const hasSucceeded = succeeded.get(task.set)?.has(task.task) ?? false
    keep(kept, loadRun(task, { root, losses, hasSucceeded }), withSeconds)
    if (kept.summaries.length === TOGETHER) {
      handOver(packed({ ...kept, losses: losses.list() }))
      losses = new LossLog()
      kept = nothingKept()
    }
  }
  handOver(packed({ ...kept, losses: losses.list() }))
}

/** What a thread says: a part of what it read, and that it is done. */
export type Said = Part | 'done'

function inThread(share: Share, take: (part: Part) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const worker = new Worker(workerFile())
  worker.onmessage = ({ data }: MessageEvent<Said>) => {
    if (data !== 'done') return take(data)
    worker.terminate()
    resolve()
  }
  worker.onerror = (event) => reject(new Error(`a thread that reads runs failed: ${event.message}`))
  worker.postMessage(share)
  return promise
}

/** In the binary a worker is found by its path from the entry point, whatever module asks. */
function workerFile(): string {
  return isCompiled() ? './import/agentcgroup/worker.ts' : new URL('./worker.ts', import.meta.url).href
}
