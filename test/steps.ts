// The steps of ./test.sh: what needs no container, what does, and the same again in the reference machine.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lacksForBpf } from '../cli/powers/bpf.ts'
import { browserLacks } from './page/browser.ts'

/** Where bun test leaves its reports. */
export const REPORTS = join(import.meta.dir, '..', 'dist', 'test-reports')

/** How fast the machine is no test judges: what takes so long hangs. */
const HANGS_AFTER_MS = 60_000

export interface Step {
  readonly name: string
  readonly command: readonly string[]
  readonly tests?: Tests
  /** What the step cannot do without; null if it is there. */
  readonly lacks?: () => string | null
  readonly env?: Readonly<Record<string, string>>
}

interface Tests {
  /** The JUnit report that the command writes. */
  readonly report: string
  /** The same step with the tests of these files alone; absent where a second try would tell nothing. */
  readonly only?: (files: readonly string[]) => Step
}

/** Tests of functions, files and folders: those of `bun run test`. */
function pure(name: string): Step {
  const report = reportOf(name)
  return { name, command: ['bun', 'run', 'test', ...reportTo(report)], tests: { report } }
}

/** Tests of what other programs, the kernel and the hour have a say in. */
function live(name: string, paths: readonly string[], more: Partial<Step> = {}): Step {
  return repeatable({ name, ...more }, paths, bunTest)
}

/** The steps of one machine, which is booted once as long as they pass. */
function onOneBoot(...steps: Step[]): Step[] {
  const staying = steps
    .slice(0, -1)
    .map((step) => ({ ...step, env: { ...step.env, ACG_MACHINE_STAYS: '1' } }))
  return [...staying, ...steps.slice(-1)]
}

/** All system tests, if none are named. */
function inMachine(name: string, paths: readonly string[] = [], env: Step['env'] = {}): Step {
  const command = (report: string, files: readonly string[]) => ['test/machine/test', report, ...files]
  return repeatable({ name, lacks: machineLacks, env }, paths, command)
}

function repeatable(
  step: Omit<Step, 'command'>,
  paths: readonly string[],
  command: (report: string, paths: readonly string[]) => string[],
): Step {
  const report = reportOf(step.name)
  const only = (files: readonly string[]) =>
    repeatable({ ...step, name: `${step.name}, once more` }, files.length > 0 ? files : paths, command)
  return { ...step, command: command(report, paths), tests: { report, only } }
}

function bunTest(report: string, paths: readonly string[]): string[] {
  return ['bun', 'test', ...reportTo(report), `--timeout=${HANGS_AFTER_MS}`, ...paths]
}

function reportTo(report: string): string[] {
  return ['--reporter=junit', `--reporter-outfile=${report}`]
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
const IN_LEAVES = { ACG_CONTROL: 'enforce' }
const OLDER = { ...WATCHED_BY_BPF, ACG_MACHINE: 'older' }

export const STEPS: readonly Step[] = [
  { name: 'format and lint', command: ['bun', 'run', 'lint'] },
  { name: 'types', command: ['bun', 'run', 'types'] },
  pure('fast tests'),
  live('page in a browser', ['./test/page'], { lacks: browserLacks }),
  live('command line', ['./test/cli']),
  live('agents', ['./test/agents']),
  live('kills', ['./test/kernel']),
  live('BPF', ['./test/bpf'], { lacks: bpfLacks }),
  live('daemon', ['./test/daemon'], { lacks: bpfLacks }),
  live('agents watched by BPF', AGENTS, { lacks: bpfLacks, env: WATCHED_BY_BPF }),
  ...onOneBoot(
    inMachine('reference machine'),
    inMachine('reference machine, agents in leaves', AGENTS, IN_LEAVES),
    inMachine('reference machine, agents in leaves, watched by BPF', AGENTS, {
      ...WATCHED_BY_BPF,
      ...IN_LEAVES,
    }),
  ),
  inMachine('reference machine, agents watched by BPF', AGENTS, WATCHED_BY_BPF),
  inMachine('older kernel, daemon and agents watched by BPF', ['./test/daemon', ...AGENTS], OLDER),
  live('newcomer', ['./test/newcomer'], { lacks: machineLacks }),
]
