// A record as acg writes it, for tests: small, complete, and free to be changed by the test that asks for it.

import { assembleResult } from '../cli/record/result.ts'
import type { Call, RecordEvent, Result, Run, Sample, SamplesHeader } from '../cli/record/schema.ts'
import { RecordWriter } from '../cli/record/writer.ts'

const ROOT = { pid: 101, start_ticks: 5 }
const AGENT = { pid: 100, start_ticks: 4 }
const EXEC = {
  argv_truncated: false,
  interpreter: null,
  cwd: '/project',
  stdin_pipe: null,
  stdout_pipe: null,
}

export function exampleRun(more: Partial<Run> = {}): Run {
  return {
    schema_version: 4,
    run_id: 'abc123',
    acg_version: '0.1.0',
    started_epoch_ms: 1_790_000_000_000.5,
    agent: 'generic',
    command: ['python3', 'agent.py'],
    project: '/project',
    agent_config: null,
    container: 'acg-abc123',
    podman: { rootless: true, arguments: ['run', '--env', 'KEY=…'] },
    // No process can have begun then.
    supervisor: { pid: process.pid, start_ticks: 0 },
    watch: 'seccomp',
    control: 'off',
    pool: null,
    sample_interval_ms: 100,
    host_ports: [],
    notes: [],
    ...more,
  }
}

/** One call that has ended, and a second one that has not. */
export function exampleEvents(): RecordEvent[] {
  const second = { pid: 102, start_ticks: 60 }
  return [
    { event: 'run_phase', time_ms: 40, phase: 'go' },
    { event: 'fork', time_ms: 45, ...AGENT, parent: null },
    {
      event: 'exec',
      time_ms: 50,
      ...AGENT,
      ...EXEC,
      file: '/usr/bin/python3',
      argv: ['python3', 'agent.py'],
    },
    { event: 'fork', time_ms: 99, ...ROOT, parent: AGENT },
    { event: 'exec', time_ms: 100, ...ROOT, ...EXEC, file: '/usr/bin/make', argv: ['make', 'test'] },
    { event: 'call_start', time_ms: 100, call: 1, root: ROOT, guessed_kind: 'test', command: 'make test' },
    { event: 'exit', time_ms: 300, ...ROOT, exit_code: 2, signal: null },
    { event: 'call_end', time_ms: 300, call: 1, kind: 'test', exit_code: 2, signal: null },
    { event: 'fork', time_ms: 600, ...second, parent: AGENT },
    { event: 'exec', time_ms: 600, ...second, ...EXEC, file: '/usr/bin/git', argv: ['git', 'log'] },
    { event: 'call_start', time_ms: 600, call: 2, root: second, guessed_kind: 'git', command: 'git log' },
  ]
}

export function exampleSamples(): [SamplesHeader, ...Sample[]] {
  const rest = { memory_pressure_some_us: null }
  return [
    { schema_version: 4, run_id: 'abc123', source: { container: 'cgroup2', calls: 'process-rss' } },
    { time_ms: 100, memory_bytes: 1000, cpu_percent: null, ...rest, calls: [{ call: 1, memory_bytes: 400 }] },
    {
      time_ms: 200,
      memory_bytes: 9000,
      cpu_percent: 150.5,
      ...rest,
      calls: [{ call: 1, memory_bytes: 8000 }],
    },
    { time_ms: 700, memory_bytes: 2000, cpu_percent: 3, ...rest, calls: [{ call: 2, memory_bytes: 500 }] },
  ]
}

export function exampleCall(more: Partial<Call> = {}): Call {
  return {
    call: 1,
    start_ms: 100,
    end_ms: 300,
    exit_code: 2,
    signal: null,
    command: 'make test',
    command_truncated: false,
    guessed_kind: 'test',
    kind: 'test',
    program: 'pytest',
    root: ROOT,
    processes: 1,
    peak_bytes: 8000,
    peak_source: 'process-rss',
    background: [],
    ...more,
  }
}

export function exampleResult(more: Partial<Result> = {}): Result {
  const result = assembleResult({
    runId: 'abc123',
    agent: 'generic',
    startedEpochMs: 1_790_000_000_000.5,
    ending: {
      ending: 'exited',
      reason: 'the agent exited with code 0',
      exit_code: 0,
      signal: null,
      acg_exit_code: 0,
    },
    startupMs: 40,
    durationMs: 1000,
    peak: { bytes: 9000, source: 'cgroup2', call: 1 },
    watch: { power: 'seccomp', complete: true },
    calls: null,
    notes: [],
  })
  return { ...result, calls: [exampleCall()], ...more }
}

/** Writes it through the writer that `acg run` uses. */
export function writeExampleRecord(folder: string, { result = true } = {}): void {
  using writer = RecordWriter.create(folder, 'abc123')
  writer.run(exampleRun())
  writer.events(exampleEvents())
  for (const sample of exampleSamples()) writer.sample(sample)
  if (result) writer.result(exampleResult())
}
