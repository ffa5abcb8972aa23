// Every test, step by step. A step that cannot run says so; with ACG_MUST_RUN naming what it needs, that is a failure.
//
// What fails among programs, a kernel and a clock is run once more, alone, to tell at the end whether it fails again. It
// has failed either way: an unsteady test is a fault to find, in the test or in acg.

import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readTestReport, type TestFailure, type TestReport } from './junit-report.ts'
import { REPORTS, STEPS, type Step } from './steps.ts'

process.chdir(join(import.meta.dir, '..'))

/** Of what a failed test said, at the end. */
const SAID_AT_MOST = 1200

interface Outcome extends TestReport {
  readonly step: Step
  readonly ok: boolean
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const unsteady: Outcome[] = []
const failed: Outcome[] = []

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })
for (const step of STEPS) {
  if (isLeftOut(step)) continue
  const first = await play(step)
  const only = step.tests?.only
  const last =
    first.ok || !only ? first : await play(only([...new Set(first.failures.map(({ file }) => file))]))
  counts.passed += first.passed
  counts.skipped += first.skipped
  if (!last.ok) failed.push(first, ...(last === first ? [] : [last]))
  else if (last !== first) unsteady.push(first)
  if (!first.ok) counts.failed += Math.max(1, first.failures.length)
}

tell('FAILED, unsteady: passed when run once more', unsteady)
tell('FAILED', failed)
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed === 0 ? 0 : 1)

/** Whether the step cannot run here, which is counted and said. */
function isLeftOut(step: Step): boolean {
  const lack = step.lacks?.() ?? null
  if (lack === null) return false
  const must = (process.env.ACG_MUST_RUN ?? '').split(',').includes(lack.split(':')[0] as string)
  console.log(`\n== ${step.name}: ${must ? 'FAILED, must run' : 'skipped'}: ${lack}`)
  if (must) counts.failed++
  else counts.skipped++
  return true
}

async function play(step: Step): Promise<Outcome> {
  console.log(`\n== ${step.name}`)
  const start = Date.now()
  const env = { ...process.env, ...step.env }
  const child = Bun.spawn([...step.command], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await child.exited
  const ok = code === 0
  const seconds = Math.round((Date.now() - start) / 1000)
  console.log(`== ${step.name}: ${ok ? 'ok' : `FAILED (exit ${code})`} in ${seconds} s`)
  const report = step.tests?.report
  const told = report && statSync(report, { throwIfNoEntry: false })?.size ? readTestReport(report) : null
  return {
    step,
    ok,
    passed: told?.passed ?? Number(ok),
    skipped: told?.skipped ?? 0,
    failures: told?.failures ?? [],
  }
}

/** The end of a long output is what is read first: what failed is said again there. */
function tell(heading: string, outcomes: readonly Outcome[]): void {
  for (const { step, failures } of outcomes) {
    console.log(`\n== ${step.name}: ${heading}`)
    if (failures.length === 0) console.log(`no test failed, but \`${step.command.join(' ')}\` did`)
    for (const failure of failures) console.log(inShort(failure))
  }
}

function inShort({ file, name, said }: TestFailure): string {
  const shown = said.length > SAID_AT_MOST ? `${said.slice(0, SAID_AT_MOST)} …` : said
  return `${file}: ${name}\n${shown.replace(/^/gm, '  ')}`
}
