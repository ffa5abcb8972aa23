import { expect, test } from 'bun:test'
import { execEvent } from '../../test/process-events.ts'
import type { ProcessEvent, ProcessId } from '../watch/process-event.ts'
import { descendants, ProcessTree } from './process-tree.ts'

const id = (pid: number, start_ticks = 0): ProcessId => ({ pid, start_ticks })
const fork = (child: ProcessId, parent: ProcessId | null): ProcessEvent => ({
  event: 'fork',
  time_ms: 1,
  ...child,
  parent,
})

test('handle() asks what a new process is, from its parent', () => {
  const tree = new ProcessTree<number>((parent) => (parent ? parent.tag + 1 : 0))
  tree.handle(fork(id(2), null))
  tree.handle(fork(id(3), id(2)))
  expect(tree.handle(fork(id(4), id(3)))?.tag).toBe(2)
  // Of a parent that nobody has introduced nothing is known.
  expect(tree.handle(fork(id(5), id(99)))?.tag).toBe(0)
  expect(tree.size).toBe(4)
})

test('handle() knows a reused pid for another process', () => {
  const tree = new ProcessTree(() => null)
  tree.handle(fork(id(2, 10), null))
  tree.handle({ event: 'exit', time_ms: 5, ...id(2, 10), exit_code: 1, signal: null })
  tree.handle(fork(id(2, 20), null))
  tree.handle(execEvent(id(2, 20), 6, ['ls']))
  expect(tree.get(id(2, 10))).toMatchObject({ endMs: 5, exitCode: 1, execs: [] })
  expect(tree.get(id(2, 20))).toMatchObject({ endMs: null, execs: [{ argv: ['ls'] }] })
})

test('handle() returns null for a process that was never introduced', () => {
  const tree = new ProcessTree(() => null)
  expect(tree.handle(execEvent(id(2), 1, ['ls']))).toBeNull()
  expect(tree.size).toBe(0)
})

test('descendants() gives the process and everything below it, and no more', () => {
  const tree = new ProcessTree(() => null)
  tree.handle(fork(id(2), null))
  for (const [child, parent] of [
    [3, 2],
    [4, 3],
    [5, 2],
  ] as const)
    tree.handle(fork(id(child), id(parent)))
  const below = (pid: number) => [...descendants(tree.get(id(pid))!)].map((node) => node.id.pid).sort()
  expect(below(2)).toEqual([2, 3, 4, 5])
  expect(below(3)).toEqual([3, 4])
})
