// What a report is about: published data or acg's own records, as the runs' summaries in their groups.

import type { LoadedRun } from '../analysis/run.ts'
import type { Scope } from '../analysis/scope.ts'
import { isDataSet } from '../import/agentcgroup/layout.ts'
import { readDataSet } from '../import/agentcgroup/reading.ts'
import { publishedScope } from '../import/agentcgroup/scope.ts'
import type { Loss } from '../import/losses.ts'
import type { RecordFolder } from '../record/reader.ts'
import { ProgressLine } from './progress.ts'
import { readRecords } from './records.ts'

export interface ReportSource {
  readonly scope: Scope
  /** What of the data could not be used. */
  readonly losses: readonly Loss[]
  /** The run itself, if it is of one record, however that was named. */
  readonly only: OneRun | null
}

export interface OneRun {
  readonly record: RecordFolder
  readonly run: LoadedRun
}

/**
 * `references`: one folder in the published layout, or runs as `acg show` takes them; none means every record.
 * `withSeconds`: whether runs are drawn or packed, and not only measured.
 */
export async function readSource(references: readonly string[], withSeconds = false): Promise<ReportSource> {
  using progress = new ProgressLine('reading runs')
  const [only] = references
  if (references.length === 1 && only !== undefined && isDataSet(only)) {
    const { losses, ...kept } = await readDataSet(only, progress.update, withSeconds)
    return { scope: publishedScope(kept), losses, only: null }
  }
  return readRecords(references, progress.update, withSeconds)
}
