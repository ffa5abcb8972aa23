// Every test, step by step: what needs no container, what does, and the same again in the reference machine.
// A step that cannot run says so; with ACG_MUST_RUN naming what it needs, that is a failure.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { lacksForBpf } from '../cli/powers/bpf.ts'
import { browserLacks } from './page/browser.ts'

const root = join(import.meta.dir, '..')
process.chdir(root)

/** Where bun test leaves its counts. */
const REPORTS = join(root, 'dist', 'test-reports')

interface Step {
  readonly name: string
  readonly command: readonly string[]
  /** A report that the command writes, if it is bun test. */
  readonly report?: string
  /** What the step cannot do without; null if it is there. */
  readonly lacks?: () => string | null
  readonly env?: Readonly<Record<string, string>>
}

function bunTest(name: string, ...paths: string[]): Step {
  const report = reportOf(name)
  return {
    name,
    command: ['bun', 'test', '--reporter=junit', `--reporter-outfile=${report}`, ...paths],
    report,
  }
}

/** All system tests, if none are named. */
function inMachine(name: string, ...paths: string[]): Step {
  const report = reportOf(name)
  return { name, command: ['test/machine/test', report, ...paths], lacks: machineLacks, report }
}

function reportOf(name: string): string {
  return join(REPORTS, `${name.replace(/\W+/g, '-')}.xml`)
}

/** The machine is built from Debian's packages by this machine's own apt. */
function machineLacks(): string | null {
  return existsSync('/usr/bin/apt-get')
    ? null
    : 'vm: the reference machine is built with apt-get, which is not here'
}

function bpfLacks(): string | null {
  const lack = lacksForBpf()
  return lack && `bpf: ${lack.seen}`
}

/** The tests that hold a record against what an agent really did. */
const AGENTS = ['./test/agents/claude.test.ts', './test/agents/unknown.test.ts']
const WATCHED_BY_BPF = { ACG_WATCH: 'bpf' }

const STEPS: readonly Step[] = [
  { name: 'format and lint', command: ['bun', 'run', 'lint'] },
  { name: 'types', command: ['bun', 'run', 'types'] },
  bunTest('fast tests', './bench', './bpf', './cli', './ffi', './test/validate-record.test.ts'),
  { ...bunTest('page in a browser', './test/page'), lacks: browserLacks },
  bunTest('command line', './test/cli'),
  bunTest('agents', './test/agents'),
  bunTest('kills', './test/kernel'),
  { ...bunTest('BPF', './test/bpf'), lacks: bpfLacks },
  { ...bunTest('daemon', './test/daemon'), lacks: bpfLacks },
  { ...bunTest('agents watched by BPF', ...AGENTS), lacks: bpfLacks, env: WATCHED_BY_BPF },
  inMachine('reference machine'),
  { ...inMachine('reference machine, agents watched by BPF', ...AGENTS), env: WATCHED_BY_BPF },
  { ...inMachine('reference machine, agents in leaves', ...AGENTS), env: { ACG_CONTROL: 'enforce' } },
  {
    ...inMachine('older kernel, daemon and agents watched by BPF', './test/daemon', ...AGENTS),
    env: { ...WATCHED_BY_BPF, ACG_MACHINE: 'older' },
  },
  { ...bunTest('newcomer', './test/newcomer'), lacks: machineLacks },
]

const counts = { passed: 0, failed: 0, skipped: 0 }

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })
for (const step of STEPS) {
  const lack = step.lacks?.() ?? null
  if (lack !== null) {
    const must = (process.env.ACG_MUST_RUN ?? '').split(',').includes(lack.split(':')[0] as string)
    console.log(`\n== ${step.name}: ${must ? 'FAILED, must run' : 'skipped'}: ${lack}`)
    if (must) counts.failed++
    else counts.skipped++
    continue
  }
  console.log(`\n== ${step.name}`)
  const start = Date.now()
  const env = { ...process.env, ...step.env }
  const child = Bun.spawn([...step.command], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await child.exited
  const told =
    step.report && existsSync(step.report)
      ? junitCounts(step.report)
      : { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0 }
  counts.passed += told.passed
  counts.skipped += told.skipped
  counts.failed += code === 0 ? 0 : Math.max(1, told.failed)
  console.log(
    `== ${step.name}: ${code === 0 ? 'ok' : `FAILED (exit ${code})`} in ${Math.round((Date.now() - start) / 1000)} s`,
  )
}

console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed === 0 ? 0 : 1)

/** The totals of a JUnit report. */
function junitCounts(path: string): typeof counts {
  const head = /<testsuites[^>]*>/.exec(readFileSync(path, 'utf8'))?.[0] ?? ''
  const total = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  return {
    passed: total('tests') - total('failures') - total('skipped'),
    failed: total('failures'),
    skipped: total('skipped'),
  }
}
