// Turns process events into tool calls.
//
// A call is the tree that the agent starts to carry out one command of the model. It begins with its root's exec
// and ends when its root ends; what then still runs is its background. What the agent's own processes exec
// directly is told apart by the agent's profile, a table of data (agents/); everything below inherits.

import type { Call, Kind, RecordEvent, Role, UsageSource } from '../record/schema.ts'
import type { ExecEvent, ProcessEvent, ProcessId } from '../watch/process-event.ts'
import { type AgentProfile, classifyExec, type Judgement } from './agents/profile.ts'
import { execKind, foremost, guessKind, programKind, programName } from './classify.ts'
import { isLauncher, isRuntime } from './launchers.ts'
import { PollDetector } from './polling.ts'
import { descendants, type ProcessNode, ProcessTree } from './process-tree.ts'

/** A child that ends this shortly after its call's root was on its way out, not left in the background. */
const BACKGROUND_AFTER_MS = 100

/** Fork times have the resolution of /proc's start_ticks where the backend sees no forks. */
const FORK_RESOLUTION_MS = 10

/** Two execs on one pipe are one pipeline; the shell starts them together. */
const PIPELINE_WITHIN_MS = 1000

interface OpenCall {
  readonly number: number
  readonly startMs: number
  readonly guessedKind: Kind
  readonly roots: Node[]
  /** Forked during the call, their parents lost. */
  readonly adopted: Node[]
  command: string
  truncated: boolean
  endMs: number | null
  peakBytes: number | null
  peakSource: UsageSource | null
  /** All of it was ended at once: what dies more slowly than the rest was not left running. */
  endedWhole: boolean
  retracted: boolean
}

/** How a call began: by the exec of which file, in whose child, with which words but for the last, the command. */
export interface Beginning {
  readonly parent: ProcessId
  readonly file: string
  readonly words: readonly string[]
}

/**
 * launcher: starts the agent, like `sh agent.sh`. runtime: the agent itself. shell: one that the agent keeps and
 * writes commands to, whose every job is a call. undecided: below one of these, before its first exec. orphan:
 * nobody can say whose it is.
 */
type Place = 'launcher' | 'runtime' | 'shell' | 'undecided' | 'service' | 'housekeeping' | 'orphan'

type Tag = { place: Place; call: null } | { place: 'call'; call: OpenCall }

type Node = ProcessNode<Tag>

const ROLE_OF_PLACE: Readonly<Record<Tag['place'], Role>> = {
  launcher: 'runtime',
  runtime: 'runtime',
  shell: 'runtime',
  undecided: 'runtime',
  service: 'service',
  housekeeping: 'housekeeping',
  orphan: 'housekeeping',
  call: 'call',
}

export class CallTracker {
  readonly #tree = new ProcessTree<Tag>((parent, startMs) => this.#inherited(parent, startMs))
  readonly #calls: OpenCall[] = []
  readonly #polls = new PollDetector()
  #agent: Node | null = null
  #runtimeFound = true

  constructor(private readonly profile: AgentProfile) {}

  /** Takes one event in and returns what it means for calls, to be recorded. */
  handle(event: ProcessEvent): RecordEvent[] {
    const node = this.#tree.handle(event)
    if (!node) return []
    if (event.event === 'fork') {
      this.#agent ??= node
      if (node.parent === null) node.tag.call?.adopted.push(node)
      return []
    }
    return event.event === 'exec' ? this.#executed(node, event) : this.#exited(node)
  }

  #inherited(parent: Node | null, startMs: number): Tag {
    if (parent === null) {
      if (this.#agent === null) return { place: 'runtime', call: null }
      const during = this.#callsAt(startMs)
      if (during.length === 0) return { place: 'undecided', call: null }
      const [call] = during
      return call && during.length === 1 ? { place: 'call', call } : { place: 'orphan', call: null }
    }
    if (parent.tag.place === 'launcher' || parent.tag.place === 'runtime' || parent.tag.place === 'shell') {
      return { place: 'undecided', call: null }
    }
    return parent.tag
  }

  /** The calls during which a process may have been forked; its own parent is lost. */
  #callsAt(timeMs: number): OpenCall[] {
    return this.#calls.filter(
      ({ retracted, startMs, endMs }) =>
        !retracted && startMs - FORK_RESOLUTION_MS <= timeMs && timeMs <= (endMs ?? Number.POSITIVE_INFINITY),
    )
  }

  #executed(node: Node, exec: ExecEvent): RecordEvent[] {
    if (node === this.#agent) {
      node.tag = { place: isLauncher(exec, this.profile) ? 'launcher' : 'runtime', call: null }
      this.#runtimeFound = node.tag.place === 'runtime'
      return []
    }
    if (!this.#runtimeFound && isRuntime(exec, this.profile) && this.#isLaunched(node)) {
      return this.#foundRuntime(node, exec)
    }
    if (node.tag.place !== 'undecided') return []
    const keeper = keeperOf(node)
    if (keeper.tag.place === 'shell') return this.#shellJob(node, keeper, exec)
    return this.#directExec(node, keeper, exec)
  }

  /** Whether launchers alone stand between the first process and this one. */
  #isLaunched(node: Node): boolean {
    for (let at = node.parent; at; at = at.parent) {
      if (!at.execs.every((exec) => isLauncher(exec, this.profile))) return false
    }
    return true
  }

  /** What the launchers executed before was their own, and so are they. */
  #foundRuntime(node: Node, exec: ExecEvent): RecordEvent[] {
    this.#runtimeFound = true
    const retracted = this.#calls.flatMap((call) =>
      this.#retract(call, exec.time_ms, 'executed by what launches the agent'),
    )
    for (let at = node.parent; at; at = at.parent) at.tag = { place: 'launcher', call: null }
    retag(node, { place: 'runtime', call: null })
    return retracted
  }

  #directExec(node: Node, keeper: Node, exec: ExecEvent): RecordEvent[] {
    if (keeper.tag.place === 'launcher' && this.#runtimeFound) {
      retag(node, { place: 'housekeeping', call: null })
      return []
    }
    const judgement = classifyExec(this.profile, exec)
    const { role } = judgement
    if (role === 'shell') {
      retag(node, { place: 'shell', call: null })
      return []
    }
    if (role !== 'call') {
      retag(node, { place: role, call: null })
      return []
    }
    if (!this.profile.findsPolling) return this.#begin(node, exec, judgement)

    const polls = this.#polls.add(node, exec)
    if (polls === null) return this.#begin(node, exec, judgement)
    retag(node, { place: 'housekeeping', call: null })
    return polls.flatMap(({ tag }) =>
      tag.place === 'call'
        ? this.#retract(tag.call, exec.time_ms, 'repeats at regular intervals: the agent polls')
        : [],
    )
  }

  #begin(root: Node, exec: ExecEvent, { command, script }: Judgement): RecordEvent[] {
    const call: OpenCall = {
      number: this.#calls.length + 1,
      startMs: exec.time_ms,
      guessedKind: script === null ? programKind(exec.argv) : guessKind(script),
      roots: [root],
      adopted: [],
      command,
      truncated: exec.argv_truncated,
      endMs: null,
      peakBytes: null,
      peakSource: null,
      endedWhole: false,
      retracted: false,
    }
    this.#calls.push(call)
    retag(root, { place: 'call', call })
    return [
      {
        event: 'call_start',
        time_ms: call.startMs,
        call: call.number,
        root: root.id,
        guessed_kind: call.guessedKind,
        command,
      },
    ]
  }

  /** A job is what one command line of a re-used shell starts: a child of the shell, or the children of a pipeline. */
  #shellJob(node: Node, shell: Node, exec: ExecEvent): RecordEvent[] {
    let root = node
    while (root.parent && root.parent !== shell) root = root.parent
    const judgement = classifyExec(this.profile, exec)
    const [pipeline, ...others] = this.#calls.filter(
      (call) =>
        !call.retracted &&
        call.roots[0]?.parent === shell &&
        exec.time_ms - (call.endMs ?? exec.time_ms) < PIPELINE_WITHIN_MS &&
        call.roots.some((other) =>
          execsBelow(other).some((earlier) => joins(earlier, exec) || joins(exec, earlier)),
        ),
    )
    if (!pipeline) return this.#begin(root, exec, judgement)
    pipeline.roots.push(root)
    pipeline.command = `${pipeline.command} | ${judgement.command}`
    pipeline.truncated ||= exec.argv_truncated
    pipeline.endMs = null
    retag(root, { place: 'call', call: pipeline })
    return others.flatMap((other) => this.#join(pipeline, other, exec.time_ms))
  }

  /** Stages are exec'ed in any order: of `a | b | c`, a and c look like two calls until b comes. */
  #join(pipeline: OpenCall, other: OpenCall, timeMs: number): RecordEvent[] {
    pipeline.roots.push(...other.roots)
    pipeline.command = `${pipeline.command} | ${other.command}`
    pipeline.truncated ||= other.truncated
    for (const root of other.roots) retag(root, { place: 'call', call: pipeline })
    other.retracted = true
    const why = `a stage of the pipeline that is call ${pipeline.number}`
    return [{ event: 'call_retracted', time_ms: timeMs, call: other.number, why }]
  }

  #exited(node: Node): RecordEvent[] {
    if (node.tag.place !== 'call') return []
    const { call } = node.tag
    if (!call.roots.includes(node) || call.roots.some((root) => root.endMs === null)) return []
    call.endMs = node.endMs
    if (call.retracted) return []
    return [
      {
        event: 'call_end',
        time_ms: node.endMs ?? call.startMs,
        call: call.number,
        kind: proof(call).kind,
        ...statusOf(call),
      },
    ]
  }

  #retract(call: OpenCall, timeMs: number, why: string): RecordEvent[] {
    if (call.retracted) return []
    call.retracted = true
    for (const root of call.roots) retag(root, { place: 'housekeeping', call: null })
    return [{ event: 'call_retracted', time_ms: timeMs, call: call.number, why }]
  }

  /** The number of the call that a process belongs to; null if it is none's, undefined if it is not known. */
  callOf(id: ProcessId): number | null | undefined {
    const node = this.#tree.get(id)
    return node && (node.tag.call?.number ?? null)
  }

  /** null if it is not known. */
  beginningOf(number: number): Beginning | null {
    const root = this.#calls[number - 1]?.roots[0]
    const { file = null, argv = [] } = root?.execs[0] ?? {}
    if (!root?.parent || file === null) return null
    return { parent: root.parent.id, file, words: argv.slice(0, -1) }
  }

  /** What a process does for the agent; undefined if it is not known. */
  roleOf(id: ProcessId): Role | undefined {
    const node = this.#tree.get(id)
    return node && ROLE_OF_PLACE[node.tag.place]
  }

  /** Notes how much memory a call was seen with. */
  sawMemory(number: number, bytes: number, source: UsageSource): void {
    const call = this.#calls[number - 1]
    if (!call) return
    call.peakBytes = Math.max(call.peakBytes ?? 0, bytes)
    call.peakSource = source
  }

  /** Notes that a call was ended with all that it started. */
  sawWholeEnd(number: number): void {
    const call = this.#calls[number - 1]
    if (call) call.endedWhole = true
  }

  /** How many processes were seen in each role. */
  countRoles(): Record<Role, number> {
    const counts: Record<Role, number> = { runtime: 0, service: 0, call: 0, housekeeping: 0 }
    for (const node of this.#tree.all()) counts[ROLE_OF_PLACE[node.tag.place]]++
    return counts
  }

  /** Every call, in order of start, as it stands now. */
  calls(): Call[] {
    return this.#calls
      .filter((call) => !call.retracted)
      .map((call) => ({
        call: call.number,
        start_ms: call.startMs,
        end_ms: call.endMs,
        ...statusOf(call),
        command: call.command,
        command_truncated: call.truncated,
        guessed_kind: call.guessedKind,
        ...proof(call),
        root: (call.roots[0] as Node).id,
        processes: members(call).length,
        peak_bytes: call.peakBytes,
        peak_source: call.peakSource,
        background: background(call),
      }))
  }
}

/** The agent's process under which an undecided one stands. */
function keeperOf(node: Node): Node {
  let at = node.parent
  while (at?.parent && at.tag.place === 'undecided') at = at.parent
  return at ?? node
}

/** A tag holds for everything that was forked below before it was known. */
function retag(root: Node, tag: Tag): void {
  const from = root.tag
  for (const node of descendants(root)) {
    const isSame = node.tag.place === from.place && node.tag.call === from.call
    if (node === root) node.tag = tag
    else if (isSame && tag.place !== 'launcher' && tag.place !== 'runtime' && tag.place !== 'shell')
      node.tag = tag
  }
}

function joins(from: ExecEvent, to: ExecEvent): boolean {
  return from.stdout_pipe !== null && from.stdout_pipe === to.stdin_pipe
}

/** Of a process and, since a subshell execs nothing itself, of everything below it. */
function execsBelow(root: Node): ExecEvent[] {
  return [...descendants(root)].flatMap(({ execs }) => execs)
}

function members(call: OpenCall): Node[] {
  return [...call.roots, ...call.adopted]
    .flatMap((root) => [...descendants(root)])
    .filter((node) => node.tag.call === call)
}

/** The kind by what really ran, and the program that says so. */
function proof(call: OpenCall): { kind: Kind; program: string | null } {
  const ran = members(call).flatMap(({ execs }) => execs)
  const kind = foremost(ran.map(execKind))
  const proving = ran.find((exec) => execKind(exec) === kind)
  return { kind, program: proving ? programName(proving.argv) : null }
}

/** As in a shell: the last command of a pipeline tells. */
function statusOf(call: OpenCall): { exit_code: number | null; signal: number | null } {
  const feeds = (from: Node, to: Node) =>
    execsBelow(from).some((one) => execsBelow(to).some((other) => joins(one, other)))
  const last = call.roots.find((root) => !call.roots.some((other) => other !== root && feeds(root, other)))
  return { exit_code: last?.exitCode ?? null, signal: last?.signal ?? null }
}

function background(call: OpenCall): Call['background'] {
  const end = call.endMs
  if (end === null || call.endedWhole) return []
  return members(call)
    .filter(
      (node) => !call.roots.includes(node) && (node.endMs === null || node.endMs > end + BACKGROUND_AFTER_MS),
    )
    .map((node) => ({ ...node.id, argv: [...(lastExec(node)?.argv ?? [])] }))
}

/** What a process is running; a fork runs what its parent ran. */
function lastExec(node: Node): ExecEvent | undefined {
  return node.execs.at(-1) ?? (node.parent ? lastExec(node.parent) : undefined)
}
