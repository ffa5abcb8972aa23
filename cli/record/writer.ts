// Writes a run's folder. Every line is written whole and at once, so that the record can be read whatever
// happens to acg; result.json appears by a rename, complete or not at all.

import { closeSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Origin, RecordEvent, Result, Run, Sample, SamplesHeader } from './schema.ts'
import { SCHEMA_VERSION } from './vocabulary.ts'

export class RecordWriter {
  readonly #events: number
  readonly #samples: number

  private constructor(readonly folder: string) {
    this.#events = openSync(join(folder, 'events.jsonl'), 'ax', 0o600)
    this.#samples = openSync(join(folder, 'samples.jsonl'), 'ax', 0o600)
  }

  /** Makes the folder, which must not be there. Throws the file system's own error. */
  static create(folder: string, runId: string): RecordWriter {
    mkdirSync(join(folder, '..'), { recursive: true, mode: 0o700 })
    mkdirSync(folder, { mode: 0o700 })
    const writer = new RecordWriter(folder)
    writer.events([{ event: 'header', schema_version: SCHEMA_VERSION, run_id: runId }])
    return writer
  }

  run(run: Run): void {
    writeWhole(join(this.folder, 'run.json'), run)
  }

  events(events: readonly RecordEvent[]): void {
    writeSync(this.#events, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  }

  sample(sample: Sample | SamplesHeader): void {
    writeSync(this.#samples, `${JSON.stringify(sample)}\n`)
  }

  /** Where the run comes from, if it is not acg's own. */
  origin(origin: Origin): void {
    writeWhole(join(this.folder, 'origin.json'), origin)
  }

  result(result: Result): void {
    writeWhole(join(this.folder, 'result.json'), result)
  }

  [Symbol.dispose](): void {
    closeSync(this.#events)
    closeSync(this.#samples)
  }
}

/** A document that is there completely or not at all. */
export function writeWhole(path: string, document: unknown): void {
  const partial = `${path}.partial`
  writeFileSync(partial, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 })
  renameSync(partial, path)
}
