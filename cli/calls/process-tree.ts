// The agent's processes as a tree, built from events. It knows who descends from whom, and nothing of calls.

import { type ExecEvent, type ProcessEvent, type ProcessId, processKey } from '../watch/process-event.ts'

export interface ProcessNode<Tag> {
  readonly id: ProcessId
  readonly parent: ProcessNode<Tag> | null
  readonly children: ProcessNode<Tag>[]
  readonly startMs: number
  readonly execs: ExecEvent[]
  endMs: number | null
  exitCode: number | null
  signal: number | null
  tag: Tag
}

export class ProcessTree<Tag> {
  readonly #nodes = new Map<string, ProcessNode<Tag>>()

  /** `tagOf` says what a new process is, from its parent. */
  constructor(private readonly tagOf: (parent: ProcessNode<Tag> | null, startMs: number) => Tag) {}

  get size(): number {
    return this.#nodes.size
  }

  all(): Iterable<ProcessNode<Tag>> {
    return this.#nodes.values()
  }

  get(id: ProcessId): ProcessNode<Tag> | undefined {
    return this.#nodes.get(processKey(id))
  }

  /** Takes an event in; returns its process, or null for one of a process that was never introduced. */
  handle(event: ProcessEvent): ProcessNode<Tag> | null {
    if (event.event === 'fork') return this.#fork(event.time_ms, event, event.parent)
    const node = this.get(event)
    if (!node) return null
    if (event.event === 'exec') node.execs.push(event)
    else {
      node.endMs = event.time_ms
      node.exitCode = event.exit_code
      node.signal = event.signal
    }
    return node
  }

  #fork(startMs: number, { pid, start_ticks }: ProcessId, parentId: ProcessId | null): ProcessNode<Tag> {
    const parent = parentId ? (this.get(parentId) ?? null) : null
    const node: ProcessNode<Tag> = {
      id: { pid, start_ticks },
      parent,
      children: [],
      startMs,
      execs: [],
      endMs: null,
      exitCode: null,
      signal: null,
      tag: this.tagOf(parent, startMs),
    }
    parent?.children.push(node)
    this.#nodes.set(processKey(node.id), node)
    return node
  }
}

/** The process and everything below it. */
export function* descendants<Tag>(root: ProcessNode<Tag>): Iterable<ProcessNode<Tag>> {
  const waiting = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node
    waiting.push(...node.children)
  }
}
