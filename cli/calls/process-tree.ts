// The agent's processes as a tree, built from events. It knows who descends from whom, and nothing of calls. Of who has
// ended it keeps what he was and no more: a run may last for days, and start a million.

import { type ProcessEvent, type ProcessId, type ProcessKey, processKey } from '../watch/process-event.ts'

export interface ProcessNode<Tag> {
  readonly id: ProcessId
  /** null as well for one whose parent had been forgotten when it was introduced. */
  readonly parent: ProcessNode<Tag> | null
  /** null as long as it never had any. */
  children: Set<ProcessNode<Tag>> | null
  readonly startMs: number
  /** What it executed last; null before its first exec. */
  argv: readonly string[] | null
  endMs: number | null
  tag: Tag
}

interface Tagging<Tag> {
  /** What a new process is, from what its parent is or was; null where nobody knows the parent. */
  inherited(parent: Tag | null, startMs: number): Tag
  /** Whether one that has ended is needed with its place in the tree: who it was does not tell enough. */
  keeps(tag: Tag): boolean
}

export class ProcessTree<Tag> {
  readonly #nodes = new Map<ProcessKey, ProcessNode<Tag>>()
  /** Who was forgotten. A watch backend may tell of a child long after its parent's end. */
  readonly #forgotten = new Map<ProcessKey, Tag>()

  constructor(private readonly tagging: Tagging<Tag>) {}

  /** How many are known with their place in the tree. */
  get size(): number {
    return this.#nodes.size
  }

  nodes(): Iterable<ProcessNode<Tag>> {
    return this.#nodes.values()
  }

  /** What a process is, or was when it was forgotten. */
  tagOf(id: ProcessId): Tag | undefined {
    const key = processKey(id)
    return this.#nodes.get(key)?.tag ?? this.#forgotten.get(key)
  }

  /** Takes an event in; returns its process, or null for one that was never introduced, or is forgotten. */
  handle(event: ProcessEvent): ProcessNode<Tag> | null {
    if (event.event === 'fork') return this.#fork(event.time_ms, event, event.parent)
    const node = this.#nodes.get(processKey(event))
    if (!node) return null
    if (event.event === 'exec') node.argv = event.argv
    else node.endMs = event.time_ms
    return node
  }

  #fork(startMs: number, { pid, start_ticks }: ProcessId, parentId: ProcessId | null): ProcessNode<Tag> {
    const id = { pid, start_ticks }
    const key = processKey(id)
    const parent = (parentId && this.#nodes.get(processKey(parentId))) ?? null
    const parentTag = parent?.tag ?? (parentId && this.#forgotten.get(processKey(parentId))) ?? null
    const node: ProcessNode<Tag> = {
      id,
      parent,
      children: null,
      startMs,
      argv: null,
      endMs: null,
      tag: this.tagging.inherited(parentTag, startMs),
    }
    if (parent) {
      parent.children ??= new Set()
      parent.children.add(node)
    }
    this.#nodes.set(key, node)
    return node
  }

  /** To be called when what its end means is known. As long as somebody below it is there, it is not forgotten. */
  forget(ended: ProcessNode<Tag>): void {
    let node: ProcessNode<Tag> | null = ended
    while (node && node.endMs !== null && !node.children?.size && !this.tagging.keeps(node.tag)) {
      const key = processKey(node.id)
      this.#nodes.delete(key)
      this.#forgotten.set(key, node.tag)
      node.parent?.children?.delete(node)
      node = node.parent
    }
  }
}

/** The process and everything below it. */
export function descendants<Tag>(root: ProcessNode<Tag>): ProcessNode<Tag>[] {
  const found = [root]
  for (const { children } of found) if (children) for (const child of children) found.push(child)
  return found
}
