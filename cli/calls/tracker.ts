// Turns process events into tool calls.
//
// A call is the tree that the agent starts to carry out one command of the model. It begins with its root's exec
// and ends when its root ends; what then still runs is its background. What the agent's own processes exec
// directly is told apart by the agent's profile, a table of data (agents/); everything below inherits.

import type { Call, RecordEvent, Role, UsageSource } from '../record/schema.ts'
import {
  type ExecEvent,
  type ExitEvent,
  isSameProcess,
  type ProcessEvent,
  type ProcessId,
} from '../watch/process-event.ts'
import { type AgentProfile, classifyExec, commandOf, type Judgement } from './agents/profile.ts'
import { guessKind, programKind } from './classify.ts'
import { isLauncher, isRuntime } from './launchers.ts'
import { PollDetector } from './polling.ts'
import { descendants, type ProcessNode, ProcessTree } from './process-tree.ts'
import { type OtherProcess, TrackedCall } from './tracked-call.ts'

/** Fork times have the resolution of /proc's start_ticks where the backend sees no forks. */
const FORK_RESOLUTION_MS = 10

/** Two execs on one pipe are one pipeline; the shell starts them together. */
const PIPELINE_WITHIN_MS = 1000

/**
 * launcher: starts the agent, like `sh agent.sh`. runtime: the agent itself. shell: one that the agent keeps and
 * writes commands to, whose every job is a call. undecided: below one of these, before its first exec. orphan:
 * nobody can say whose it is.
 */
type Place = 'launcher' | 'runtime' | 'shell' | 'undecided' | 'service' | 'housekeeping' | 'orphan'

type Tag = { place: Place; call: null } | { place: 'call'; call: TrackedCall }

type Node = ProcessNode<Tag>

const UNDECIDED: Tag = { place: 'undecided', call: null }
const HOUSEKEEPING: Tag = { place: 'housekeeping', call: null }

const ROLE_OF_PLACE: Readonly<Record<Place, Exclude<Role, 'call'>>> = {
  launcher: 'runtime',
  runtime: 'runtime',
  shell: 'runtime',
  undecided: 'runtime',
  service: 'service',
  housekeeping: 'housekeeping',
  orphan: 'housekeeping',
}

export class CallTracker {
  readonly #tree = new ProcessTree<Tag>({
    inherited: (parent, startMs) => this.#inherited(parent, startMs),
    keeps: isAgentsOwn,
  })
  readonly #calls: TrackedCall[] = []
  readonly #polls = new PollDetector<ProcessId>()
  /** How many were seen that are no call's. */
  readonly #others = { runtime: 0, service: 0, housekeeping: 0 }
  #agent: Node | null = null
  #runtimeFound = true
  /** Who executed more than launchers. */
  readonly #noLaunchers = new WeakSet<Node>()
  /** Jobs of re-used shells that may turn out to be a pipeline. */
  #openJobs: TrackedCall[] = []

  constructor(private readonly profile: AgentProfile) {}

  /** Takes one event in and returns what it means for calls, to be recorded. */
  handle(event: ProcessEvent): RecordEvent[] {
    const node = this.#tree.handle(event)
    if (!node) return []
    switch (event.event) {
      case 'fork':
        this.#agent ??= node
        this.#count(node.tag, 1)
        return []
      case 'exec': {
        const said = this.#executed(node, event)
        const call = callOf(node.tag)
        call?.sawExec(event, () => rootOf(node, call)?.id ?? null)
        return said
      }
      case 'exit': {
        const said = this.#exited(node, event)
        this.#tree.forget(node)
        return said
      }
    }
  }

  #inherited(parent: Tag | null, startMs: number): Tag {
    if (parent === null) {
      if (this.#agent === null) return { place: 'runtime', call: null }
      const during = this.#callsAt(startMs)
      if (during.length === 0) return UNDECIDED
      const [call] = during
      return call && during.length === 1 ? { place: 'call', call } : { place: 'orphan', call: null }
    }
    return isAgentsOwn(parent) ? UNDECIDED : parent
  }

  /** The calls during which a process may have been forked; its own parent is lost. */
  #callsAt(timeMs: number): TrackedCall[] {
    return this.#calls.filter(
      ({ retracted, startMs, endMs }) =>
        !retracted && startMs - FORK_RESOLUTION_MS <= timeMs && timeMs <= (endMs ?? Number.POSITIVE_INFINITY),
    )
  }

  #count(tag: Tag, by: 1 | -1): void {
    const call = callOf(tag)
    if (call) call.processes += by
    else this.#others[otherRoleOf(tag)] += by
  }

  #tag(node: Node, tag: Tag): void {
    this.#count(node.tag, -1)
    node.tag = tag
    this.#count(tag, 1)
  }

  /** A tag holds for everything that was forked below before it was known. */
  #tagAll(root: Node, tag: Tag): void {
    for (const node of descendants(root)) if (node.tag.place === 'undecided') this.#tag(node, tag)
  }

  #executed(node: Node, exec: ExecEvent): RecordEvent[] {
    if (node === this.#agent || !this.#runtimeFound) {
      const launches = isLauncher(exec, this.profile)
      if (!launches) this.#noLaunchers.add(node)
      if (node === this.#agent) {
        this.#tag(node, { place: launches ? 'launcher' : 'runtime', call: null })
        this.#runtimeFound = !launches
      }
    }
    if (!this.#runtimeFound && isRuntime(exec, this.profile) && this.#isLaunched(node))
      return this.#foundRuntime(node, exec)
    if (node.tag.place !== 'undecided') return []
    const keeper = keeperOf(node)
    if (keeper.tag.place === 'shell') return this.#shellJob(node, keeper, exec)
    return this.#directExec(node, keeper, exec)
  }

  /** Whether launchers alone stand between the first process and this one. */
  #isLaunched(node: Node): boolean {
    if (node === this.#agent) return false
    for (let at = node.parent; at; at = at.parent) {
      if (this.#noLaunchers.has(at)) return false
      if (at === this.#agent) return true
    }
    // Who stood between has been forgotten: nothing but what it was is known.
    return node.tag.place === 'undecided'
  }

  /** What the launchers executed before was their own, and so are they. */
  #foundRuntime(node: Node, exec: ExecEvent): RecordEvent[] {
    this.#runtimeFound = true
    const retracted = this.#calls.flatMap((call) =>
      this.#retract(call, exec.time_ms, 'executed by what launches the agent'),
    )
    for (let at = node.parent; at; at = at.parent) this.#tag(at, { place: 'launcher', call: null })
    this.#tag(node, { place: 'runtime', call: null })
    return retracted
  }

  #directExec(node: Node, keeper: Node, exec: ExecEvent): RecordEvent[] {
    const { findsPolling } = this.profile
    const isLaunchers = keeper.tag.place === 'launcher' && this.#runtimeFound
    if (isLaunchers || (findsPolling && this.#polls.isPoll(exec))) {
      this.#tagAll(node, HOUSEKEEPING)
      return []
    }
    const judgement = classifyExec(this.profile, exec)
    const { role } = judgement
    if (role === 'shell') {
      this.#tag(node, { place: 'shell', call: null })
      return []
    }
    if (role !== 'call') {
      this.#tagAll(node, { place: role, call: null })
      return []
    }
    if (!findsPolling) return this.#begin(node, node, null, exec, judgement)

    const earlier = this.#polls.add(node.id, exec)
    if (earlier === null) return this.#begin(node, node, null, exec, judgement)
    this.#tagAll(node, HOUSEKEEPING)
    return earlier.flatMap((id) => {
      const call = this.#callOf(id)
      return call ? this.#retract(call, exec.time_ms, 'repeats at regular intervals: the agent polls') : []
    })
  }

  /** `node` is the first of `root`'s tree to execute anything. */
  #begin(root: Node, node: Node, shell: Node | null, exec: ExecEvent, judgement: Judgement): RecordEvent[] {
    const { text: command, script } = commandOf(judgement, exec.argv)
    const guessedKind = script === null ? programKind(exec.argv) : guessKind(script)
    const call = new TrackedCall(this.#calls.length + 1, exec.time_ms, guessedKind, shell?.id ?? null)
    call.addRoot(root.id, command, exec.argv_truncated)
    if (root === node && root.parent && exec.file !== null)
      call.beginning = { parent: root.parent.id, file: exec.file, words: exec.argv.slice(0, -1) }
    if (shell) this.#openJobs.push(call)
    this.#calls.push(call)
    this.#tagAll(root, { place: 'call', call })
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
    while (root.parent && root.parent !== shell && root.parent.endMs === null) root = root.parent
    const judgement = classifyExec(this.profile, exec)
    this.#settleJobs(exec.time_ms)
    const [pipeline, ...others] = this.#openJobs.filter(
      (call) => call.shell !== null && isSameProcess(call.shell, shell.id) && call.sharesPipe(exec),
    )
    if (!pipeline) return this.#begin(root, node, shell, exec, judgement)
    pipeline.addRoot(root.id, commandOf(judgement, exec.argv).text, exec.argv_truncated)
    this.#tagAll(root, { place: 'call', call: pipeline })
    // Stages are exec'ed in any order: of `a | b | c`, a and c look like two calls until b comes.
    const why = `a stage of the pipeline that is call ${pipeline.number}`
    return others.map((other) => {
      pipeline.join(other)
      return { event: 'call_retracted', time_ms: exec.time_ms, call: other.number, why }
    })
  }

  #settleJobs(timeMs: number): void {
    const isOpen = ({ retracted, endMs }: TrackedCall) =>
      !retracted && timeMs - (endMs ?? timeMs) < PIPELINE_WITHIN_MS
    const { open = [], over = [] } = Object.groupBy(this.#openJobs, (call) =>
      isOpen(call) ? 'open' : 'over',
    )
    for (const call of over) if (!call.retracted) call.settle()
    this.#openJobs = open
  }

  #exited(node: Node, { time_ms, exit_code, signal }: ExitEvent): RecordEvent[] {
    const call = callOf(node.tag)
    if (!call) return []
    if (!call.isRoot(node.id)) {
      const process = otherProcess(node, call)
      call.otherEnded(this.#outlivedAgent(call) ? { ...process, endMs: null } : process)
      return []
    }
    if (!call.rootEnded(node.id, time_ms, node.argv, { exit_code, signal })) return []
    const { number, proof, status } = call
    return [{ event: 'call_end', time_ms, call: number, kind: proof.kind, ...status }]
  }

  /** What a call left was there until the agent ended, and the container with it. */
  #outlivedAgent({ endMs }: TrackedCall): boolean {
    const agentEndMs = this.#agent?.endMs ?? null
    return agentEndMs !== null && endMs !== null && endMs < agentEndMs
  }

  #retract(call: TrackedCall, timeMs: number, why: string): RecordEvent[] {
    if (call.retracted) return []
    call.retracted = { as: null }
    this.#others.housekeeping += call.processes
    return [{ event: 'call_retracted', time_ms: timeMs, call: call.number, why }]
  }

  #callOf(id: ProcessId): TrackedCall | null | undefined {
    const tag = this.#tree.tagOf(id)
    return tag && callOf(tag)
  }

  /** The number of the call that a process belongs to; null if it is none's, undefined if it is not known. */
  callOf(id: ProcessId): number | null | undefined {
    const call = this.#callOf(id)
    return call === null ? null : call?.number
  }

  call(number: number): Pick<TrackedCall, 'command' | 'guessedKind' | 'beginning'> | undefined {
    return this.#calls[number - 1]
  }

  /** What a process does for the agent; undefined if it is not known. */
  roleOf(id: ProcessId): Role | undefined {
    const tag = this.#tree.tagOf(id)
    return tag && (callOf(tag) ? 'call' : otherRoleOf(tag))
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
    const call = this.#calls.reduce((sum, { retracted, processes }) => sum + (retracted ? 0 : processes), 0)
    return { ...this.#others, call }
  }

  /** Every call, in order of start, as it stands now. */
  calls(): Call[] {
    const living = Map.groupBy(
      [...this.#tree.nodes()].filter(({ endMs }) => endMs === null),
      ({ tag }) => callOf(tag),
    )
    return this.#calls
      .filter((call) => !call.retracted)
      .map((call) => {
        const others = living.get(call)?.filter(({ id }) => !call.isRoot(id)) ?? []
        return call.recorded(others.map((node) => otherProcess(node, call)))
      })
  }
}

function isAgentsOwn({ place }: Tag): boolean {
  return place === 'launcher' || place === 'runtime' || place === 'shell'
}

/** What was taken for a call may have turned out to be a part of another, or none. */
function callOf({ call }: Tag): TrackedCall | null {
  let now = call
  while (now?.retracted) now = now.retracted.as
  return now
}

/** A call that was none was the agent's own business. */
function otherRoleOf({ place }: Tag): Exclude<Role, 'call'> {
  return place === 'call' ? 'housekeeping' : ROLE_OF_PLACE[place]
}

/** The agent's process under which an undecided one stands. */
function keeperOf(node: Node): Node {
  let at = node.parent
  while (at?.parent && at.tag.place === 'undecided') at = at.parent
  return at ?? node
}

/** null for one that was introduced when nobody knew its parent. */
function rootOf(node: Node, call: TrackedCall): Node | null {
  let at: Node | null = node
  while (at && !call.isRoot(at.id)) at = at.parent
  return at
}

/** A fork runs what its parent ran. One whose parent nobody knows any more is taken to run what the call's root did. */
function otherProcess(node: Node, call: TrackedCall): OtherProcess {
  const { id, startMs, endMs } = node
  return { ...id, startMs, endMs, argv: running(node) ?? call.argv ?? [] }
}

function running(node: Node): readonly string[] | null {
  return node.argv ?? (node.parent && running(node.parent))
}
