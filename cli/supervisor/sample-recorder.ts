// Writes samples down as they are taken, and keeps the highest.

import type { Result } from '../record/schema.ts'
import { SCHEMA_VERSION } from '../record/vocabulary.ts'
import type { RecordWriter } from '../record/writer.ts'
import type { Sampler } from './sampler.ts'

export class SampleRecorder {
  readonly peak: Result['peak']

  constructor(
    private readonly sampler: Sampler,
    private readonly record: RecordWriter,
    runId: string,
  ) {
    this.peak = { bytes: null, source: sampler.source, call: null }
    record.sample({
      schema_version: SCHEMA_VERSION,
      run_id: runId,
      source: { container: sampler.source, calls: sampler.callSource },
    })
  }

  take(timeMs: number): void {
    const sample = this.sampler.take(timeMs)
    if (!sample) return
    this.record.sample(sample)
    if (sample.memory_bytes === null || sample.memory_bytes <= (this.peak.bytes ?? -1)) return
    this.peak.bytes = sample.memory_bytes
    this.peak.call = sample.calls.toSorted((a, b) => b.memory_bytes - a.memory_bytes)[0]?.call ?? null
  }
}
