import { expect, test } from 'bun:test'
import { execEvent } from '../../test/process-events.ts'
import type { ProcessEvent, ProcessId } from '../watch/process-event.ts'
import { descendants, type ProcessNode, ProcessTree } from './process-tree.ts'

const id = (pid: number, start_ticks = 0): ProcessId => ({ pid, start_ticks })
const fork = (child: ProcessId, parent: ProcessId | null): ProcessEvent => ({
  event: 'fork',
  time_ms: 1,
  ...child,
  parent,
})
const exit = (of: ProcessId): ProcessEvent => ({
  ...{ event: 'exit', time_ms: 5, ...of, exit_code: 0, signal: null },
})

/** A process's tag is its generation; those of the first are kept. */
const generations = () =>
  new ProcessTree<number>({
    inherited: (parent) => (parent === null ? 0 : parent + 1),
    keeps: (generation) => generation === 0,
  })

function end(tree: ProcessTree<number>, of: ProcessId): void {
  tree.forget(tree.handle(exit(of)) as ProcessNode<number>)
}

test('handle() asks what a new process is, from what its parent is', () => {
  const tree = generations()
  tree.handle(fork(id(2), null))
  tree.handle(fork(id(3), id(2)))
  expect(tree.handle(fork(id(4), id(3)))?.tag).toBe(2)
  // Of a parent that nobody has introduced nothing is known.
  expect(tree.handle(fork(id(5), id(99)))?.tag).toBe(0)
  expect(tree.size).toBe(4)
})

test('handle() knows a reused pid for another process', () => {
  const tree = generations()
  const first = tree.handle(fork(id(2, 10), null))
  tree.handle(exit(id(2, 10)))
  const second = tree.handle(fork(id(2, 20), null))
  tree.handle(execEvent(id(2, 20), 6, ['ls']))
  expect(first).toMatchObject({ endMs: 5, argv: null })
  expect(second).toMatchObject({ endMs: null, argv: ['ls'] })
})

test('handle() returns null for a process that was never introduced', () => {
  const tree = generations()
  expect(tree.handle(execEvent(id(2), 1, ['ls']))).toBeNull()
  expect(tree.size).toBe(0)
})

test('forget() keeps of a process what it was, for a child that is introduced late', () => {
  const tree = generations()
  for (const [child, parent] of [
    [2, null],
    [3, 2],
  ] as const)
    tree.handle(fork(id(child), parent && id(parent)))
  end(tree, id(3))
  expect(tree.size).toBe(1)
  expect(tree.tagOf(id(3))).toBe(1)
  expect(tree.handle(fork(id(4), id(3)))).toMatchObject({ tag: 2, parent: null })
})

test('forget() leaves in its place who has descendants there, until the last of them has ended', () => {
  const tree = generations()
  for (const pid of [2, 3, 4]) tree.handle(fork(id(pid), pid === 2 ? null : id(pid - 1)))
  end(tree, id(3))
  expect(tree.size).toBe(3)
  end(tree, id(4))
  expect(tree.size).toBe(1)
})

test('forget() leaves in its place who lives, and who is to be kept', () => {
  const tree = generations()
  tree.handle(fork(id(2), null))
  tree.forget(tree.handle(fork(id(3), id(2))) as ProcessNode<number>)
  end(tree, id(2))
  expect(tree.size).toBe(2)
  end(tree, id(3))
  expect([...tree.nodes()].map((node) => node.id.pid)).toEqual([2])
})

test('descendants() gives the process and everything below it, and no more', () => {
  const tree = generations()
  const nodes = new Map<number, ProcessNode<number>>()
  for (const [child, parent] of [
    [2, null],
    [3, 2],
    [4, 3],
    [5, 2],
  ] as const)
    nodes.set(child, tree.handle(fork(id(child), parent && id(parent))) as ProcessNode<number>)
  const below = (pid: number) => [...descendants(nodes.get(pid)!)].map((node) => node.id.pid).sort()
  expect(below(2)).toEqual([2, 3, 4, 5])
  expect(below(3)).toEqual([3, 4])
})
