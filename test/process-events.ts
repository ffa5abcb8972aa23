// Made-up process events for tests: a scene in which processes fork, exec and exit at given times, as a watch
// backend would tell of them, and what a tracker makes of it.

import type { AgentProfile } from '../cli/calls/agents/profile.ts'
import { CallTracker } from '../cli/calls/tracker.ts'
import type { Call, RecordEvent } from '../cli/record/schema.ts'
import type { ExecEvent, ProcessEvent, ProcessId } from '../cli/watch/process-event.ts'

type ExecDetails = Partial<
  Pick<ExecEvent, 'file' | 'interpreter' | 'argv_truncated' | 'stdin_pipe' | 'stdout_pipe'>
>

export function execEvent(id: ProcessId, timeMs: number, argv: string[], more: ExecDetails = {}): ExecEvent {
  return {
    event: 'exec',
    time_ms: timeMs,
    ...id,
    file: argv[0] ?? '',
    interpreter: null,
    argv,
    argv_truncated: false,
    cwd: '/project',
    stdin_pipe: null,
    stdout_pipe: null,
    ...more,
  }
}

export class Scene {
  readonly tracker: CallTracker
  /** What the tracker said, in order. */
  readonly said: RecordEvent[] = []
  #lastPid = 100

  constructor(profile: AgentProfile) {
    this.tracker = new CallTracker(profile)
  }

  #tell(event: ProcessEvent): void {
    this.said.push(...this.tracker.handle(event))
  }

  fork(parent: ProcessId | null, timeMs: number): ProcessId {
    const id = { pid: ++this.#lastPid, start_ticks: Math.floor(timeMs / 10) }
    this.#tell({ event: 'fork', time_ms: timeMs, ...id, parent })
    return id
  }

  exec(id: ProcessId, timeMs: number, argv: string[], more: ExecDetails = {}): void {
    this.#tell(execEvent(id, timeMs, argv, more))
  }

  /** A fork and its exec, at once. */
  spawn(parent: ProcessId | null, timeMs: number, argv: string[], more: ExecDetails = {}): ProcessId {
    const id = this.fork(parent, timeMs)
    this.exec(id, timeMs, argv, more)
    return id
  }

  exit(id: ProcessId, timeMs: number, how: number | { signal: number } | null = 0): void {
    const exit_code = typeof how === 'number' ? how : null
    const signal = typeof how === 'object' && how !== null ? how.signal : null
    this.#tell({ event: 'exit', time_ms: timeMs, ...id, exit_code, signal })
  }

  /** A process from its fork to its end. */
  run(parent: ProcessId, fromMs: number, toMs: number, argv: string[], more: ExecDetails = {}): ProcessId {
    const id = this.spawn(parent, fromMs, argv, more)
    this.exit(id, toMs)
    return id
  }

  get calls(): Call[] {
    return this.tracker.calls()
  }

  get commands(): string[] {
    return this.calls.map(({ command }) => command)
  }

  saidOf<Kind extends RecordEvent['event']>(event: Kind): Extract<RecordEvent, { event: Kind }>[] {
    return this.said.filter((each): each is Extract<RecordEvent, { event: Kind }> => each.event === event)
  }
}
