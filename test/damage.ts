// Damages one file of one run after the other, and reads the data set each time: it must be read to the end, the
// other runs must be as before, every number of the report finite, whatever the damage changed must be named, and the
// damaged run must become a valid record.
//
//   bun test/damage.ts [FILES [SEED]]     10 000 damaged files of made-up data, unless told otherwise

import { isUtf8 } from 'node:buffer'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Pcg64 } from '../cli/analysis/pcg64.ts'
import { reportRows } from '../cli/analysis/report.ts'
import { MODES } from '../cli/analysis/row.ts'
import type { RunSummary } from '../cli/analysis/summary.ts'
import { taskFolders } from '../cli/import/agentcgroup/layout.ts'
import { readDataSet } from '../cli/import/agentcgroup/reading.ts'
import { importRun } from '../cli/import/agentcgroup/records.ts'
import { publishedScope } from '../cli/import/agentcgroup/scope.ts'
import { LossLog } from '../cli/import/losses.ts'
import { damage, MUTATIONS } from './mutations.ts'
import { MADE_RUNS, makeDataSet, RUN_FILES } from './published-data.ts'
import { validateRecord } from './validate-record.ts'

export interface Outcome {
  readonly files: number
  readonly byKind: Readonly<Record<string, number>>
  /** What was wrong, `KIND FILE: WHAT`. */
  readonly faults: readonly string[]
}

const LONGEST_MS = 5000

export async function damageMany(
  files: number,
  seed: number,
  progress = (_done: number) => {},
): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'acg-damage-'))
  try {
    makeDataSet(root)
    return await damageEach(root, files, new Pcg64(seed), progress)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function damageEach(
  root: string,
  files: number,
  random: Pcg64,
  progress: (done: number) => void,
): Promise<Outcome> {
  const before = new Map((await read(root)).summaries.map((run) => [keyOf(run), run]))
  const byKind: Record<string, number> = {}
  const faults: string[] = []
  const kinds = Object.keys(MUTATIONS)
  for (let done = 0; done < files; ) {
    const { set, task } = MADE_RUNS[random.below(MADE_RUNS.length)] as (typeof MADE_RUNS)[number]
    const file = `${set}/${task}/attempt_1/${RUN_FILES[random.below(RUN_FILES.length)]}`
    const whole = readFileSync(join(root, file))
    const damaged = damage(kinds[done % kinds.length] as string, whole, random)
    if (damaged === null) continue
    writeFileSync(join(root, file), damaged.bytes)
    const fault = await faultOf(
      root,
      file,
      before,
      CAN_BE_SILENT.has(damaged.kind) && isUntraceable(whole, damaged.bytes),
    )
    if (fault !== null) faults.push(`${damaged.kind} ${file}: ${fault}`)
    writeFileSync(join(root, file), whole)
    byKind[damaged.kind] = (byKind[damaged.kind] ?? 0) + 1
    progress(++done)
  }
  return { files, byKind, faults }
}

const CAN_BE_SILENT: ReadonlySet<string> = new Set(['cut', 'swapped type', 'garbage in the middle'])

/** Nobody can tell that lines are missing at the end, or that a text or a number was another one. */
function isUntraceable(whole: Buffer, bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false
  const before = shapes(whole.toString('utf8'))
  const after = shapes(bytes.toString('utf8'))
  return after !== null && before !== null && after.every((shape, at) => shape === before[at])
}

/** What kind of value is where, of a document or of each line; null if it is no JSON. */
function shapes(text: string): string[] | null {
  const kinds = (_: string, value: unknown) => (typeof value === 'object' ? value : typeof value)
  try {
    return [JSON.stringify(JSON.parse(text), kinds)]
  } catch {
    try {
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.stringify(JSON.parse(line), kinds))
    } catch {
      return null
    }
  }
}

async function faultOf(
  root: string,
  file: string,
  before: ReadonlyMap<string, RunSummary>,
  mayBeSilent: boolean,
): Promise<string | null> {
  const began = performance.now()
  let after: Awaited<ReturnType<typeof read>>
  try {
    after = await read(root)
  } catch (error) {
    return `crash: ${(error as Error).message}`
  }
  if (performance.now() - began > LONGEST_MS) return 'hang'
  const changed = after.summaries.filter((run) => !isDeepStrictEqual(run, before.get(keyOf(run))))
  if (changed.some((run) => !file.includes(`/${run.task}/`))) return 'another run changed'
  if (after.summaries.length !== before.size) return 'a run is gone'
  const invalid = importFault(root, file)
  if (invalid !== null) return invalid
  if (changed.length > 0 && !mayBeSilent && !after.losses.some((loss) => loss.file === file))
    return 'a loss without a name'
  return null
}

/** The damaged run must be imported as far as it goes: the record is valid, or the run is named. */
function importFault(root: string, file: string): string | null {
  const into = mkdtempSync(join(tmpdir(), 'acg-damage-'))
  try {
    const task = taskFolders(root, new LossLog()).find(({ folder }) => file.startsWith(`${folder}/`))
    if (task === undefined) return 'the run is not found'
    const losses = new LossLog()
    const imported = importRun(root, task, false, into, losses)
    if (imported === null) return losses.list().length > 0 ? null : 'is not imported, and nobody says why'
    const [violation] = validateRecord(imported.folder)
    return violation === undefined ? null : `an invalid record: ${violation}`
  } finally {
    rmSync(into, { recursive: true, force: true })
  }
}

async function read(root: string) {
  const reading = await readDataSet(root, () => {})
  for (const mode of MODES) {
    for (const { id, value } of reportRows(publishedScope(reading), mode)) {
      if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${id} is ${value}`)
    }
  }
  return reading
}

const keyOf = ({ group, task }: RunSummary) => `${group}/${task}`

if (import.meta.main) {
  const files = Number(process.argv[2] ?? 10_000)
  const seed = Number(process.argv[3] ?? 1)
  const { byKind, faults } = await damageMany(files, seed, (done) => {
    if (process.stderr.isTTY && done % 100 === 0) process.stderr.write(`\r${done} of ${files}`)
  })
  for (const [kind, count] of Object.entries(byKind)) console.log(`${String(count).padStart(6)}  ${kind}`)
  for (const fault of faults) console.log(fault)
  console.log(`${files} damaged files, ${faults.length} faults`)
  process.exitCode = faults.length > 0 ? 1 : 0
}
