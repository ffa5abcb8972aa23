// A shell that the agent keeps and writes commands to: each job is a call.

import { describe, expect, test } from 'bun:test'
import { Scene } from '../../test/process-events.ts'
import { GENERIC } from './agents/generic.ts'

function keptShell() {
  const scene = new Scene(GENERIC)
  const agent = scene.spawn(null, 0, ['python3', 'agent.py'])
  const shell = scene.spawn(agent, 10, ['bash', '--norc'], { stdin_pipe: 1, stdout_pipe: 2 })
  return { scene, agent, shell }
}
const inherited = { stdin_pipe: 1, stdout_pipe: 2 }

describe('jobs of a kept shell', () => {
  test('handle() takes each job as a call, and the shell itself as the agent', () => {
    const { scene, shell } = keptShell()
    scene.run(shell, 100, 200, ['ls'], inherited)
    scene.run(shell, 300, 400, ['make'], inherited)
    expect(scene.calls).toMatchObject([
      { call: 1, command: 'ls', start_ms: 100, end_ms: 200 },
      { call: 2, command: 'make', start_ms: 300, end_ms: 400 },
    ])
    expect(scene.tracker.countRoles().runtime).toBe(2)
  })

  test('handle() takes two jobs at once as two calls', () => {
    const { scene, shell } = keptShell()
    const server = scene.spawn(shell, 100, ['python3', 'server.py'], inherited)
    scene.run(shell, 110, 120, ['ls'], inherited)
    scene.exit(server, 500)
    expect(scene.commands).toEqual(['python3 server.py', 'ls'])
  })

  test('handle() says nothing of builtins, for which a shell at most forks', () => {
    const { scene, shell } = keptShell()
    const subshell = scene.fork(shell, 100)
    scene.exit(subshell, 110)
    expect(scene.said).toEqual([])
  })

  test('handle() takes a subshell with all that it executes as one job', () => {
    const { scene, shell } = keptShell()
    const subshell = scene.fork(shell, 100)
    scene.run(subshell, 110, 120, ['cc'], inherited)
    scene.run(subshell, 130, 140, ['ls'], inherited)
    scene.exit(subshell, 150, 4)
    expect(scene.calls).toMatchObject([{ root: subshell, processes: 3, exit_code: 4, end_ms: 150 }])
  })

  test('handle() ends a job that its subshell left with the process that carries it out', () => {
    const { scene, shell } = keptShell()
    const subshell = scene.fork(shell, 100)
    const child = scene.fork(subshell, 101)
    scene.exit(subshell, 102)
    scene.exec(child, 103, ['python3', 'server.py'], inherited)
    scene.exit(child, 200)
    expect(scene.calls).toMatchObject([{ root: child, end_ms: 200 }])
  })

  test('handle() sees a job of a shell that has ended as its job', () => {
    const { scene, shell } = keptShell()
    scene.exit(shell, 90)
    const first = scene.spawn(shell, 85, ['cat', 'x'], { stdin_pipe: 1, stdout_pipe: 7 })
    scene.spawn(shell, 86, ['grep', 'y'], { stdin_pipe: 7, stdout_pipe: 2 })
    expect(scene.calls).toMatchObject([{ root: first, command: 'cat x | grep y' }])
  })

  test('handle() takes a shell that is given a text as a call, not as a kept shell', () => {
    const { scene, shell } = keptShell()
    scene.run(shell, 100, 110, ['bash', '-c', 'ls'], inherited)
    expect(scene.commands).toEqual(['bash -c ls'])
  })
})

describe('a pipeline in a kept shell', () => {
  const FROM = { stdin_pipe: 1, stdout_pipe: 7 }
  const TO = { stdin_pipe: 7, stdout_pipe: 2 }
  const BETWEEN = { stdin_pipe: 7, stdout_pipe: 8 }
  const LAST = { stdin_pipe: 8, stdout_pipe: 2 }

  test('handle() makes one call of what looked like two, once the stage between them execs', () => {
    const { scene, shell } = keptShell()
    const first = scene.spawn(shell, 100, ['sort', 'x'], FROM)
    const last = scene.spawn(shell, 101, ['head', '-2'], LAST)
    const between = scene.spawn(shell, 102, ['uniq'], BETWEEN)
    scene.exit(first, 110)
    scene.exit(between, 120)
    scene.exit(last, 130, 3)
    expect(scene.calls).toMatchObject([
      { call: 1, command: 'sort x | uniq | head -2', start_ms: 100, end_ms: 130, exit_code: 3, processes: 3 },
    ])
    expect(scene.said.filter(({ event }) => event === 'call_retracted')).toMatchObject([{ call: 2 }])
    expect(scene.said.filter(({ event }) => event === 'call_end')).toMatchObject([{ call: 1 }])
  })

  test('handle() joins its commands in whichever order they exec', () => {
    for (const order of ['first', 'last'] as const) {
      const { scene, shell } = keptShell()
      const ends: (readonly [string[], typeof FROM])[] = [
        [['cat', 'x'], FROM],
        [['grep', 'y'], TO],
      ]
      for (const [argv, pipes] of order === 'first' ? ends : ends.toReversed())
        scene.spawn(shell, 100, argv, pipes)
      expect(scene.calls).toHaveLength(1)
      expect(scene.calls[0]).toMatchObject({ processes: 2, kind: 'explore' })
    }
  })

  test('calls() ends it with its last root, with the exit code of its last command', () => {
    for (const lastExecsFirst of [false, true]) {
      const { scene, shell } = keptShell()
      const spawns = [
        () => scene.spawn(shell, 100, ['pytest'], FROM),
        () => scene.spawn(shell, 101, ['tail', '-3'], TO),
      ] as const
      const [first, last] = lastExecsFirst
        ? [spawns[1](), spawns[0]()].toReversed()
        : [spawns[0](), spawns[1]()]
      scene.exit(last!, 150, 3)
      expect(scene.calls[0]?.end_ms).toBeNull()
      scene.exit(first!, 200, 1)
      expect(scene.calls).toMatchObject([{ end_ms: 200, exit_code: 3, kind: 'test' }])
      expect(scene.saidOf('call_end')).toMatchObject([{ exit_code: 3, kind: 'test' }])
    }
  })

  test('handle() opens the call again for a command that execs after the others have ended', () => {
    const { scene, shell } = keptShell()
    scene.run(shell, 100, 105, ['git', 'log'], FROM)
    const last = scene.spawn(shell, 110, ['head'], TO)
    expect(scene.calls).toMatchObject([{ call: 1, command: 'git log | head', end_ms: null }])
    scene.exit(last, 120)
    expect(scene.calls).toMatchObject([{ call: 1, start_ms: 100, end_ms: 120, exit_code: 0 }])
  })

  test('handle() does not join what used a pipe of the same number long ago: the kernel gives them again', () => {
    const { scene, shell } = keptShell()
    scene.run(shell, 100, 105, ['git', 'log'], FROM)
    scene.run(shell, 5000, 5005, ['head'], TO)
    expect(scene.commands).toEqual(['git log', 'head'])
  })

  test('calls() tells the exit code of its last command however much later', () => {
    const { scene, shell } = keptShell()
    scene.exit(scene.spawn(shell, 100, ['pytest'], FROM), 110, 1)
    scene.exit(scene.spawn(shell, 105, ['tail', '-3'], TO), 120, 3)
    scene.run(shell, 5000, 5005, ['ls'], inherited)
    expect(scene.calls).toMatchObject([{ exit_code: 3 }, { exit_code: 0 }])
  })

  test('handle() joins a subshell by the pipes of what it executes', () => {
    const { scene, shell } = keptShell()
    const subshell = scene.fork(shell, 100)
    const cat = scene.spawn(subshell, 105, ['cat', 'x'], FROM)
    const grep = scene.spawn(shell, 106, ['grep', 'y'], TO)
    scene.exit(cat, 110)
    scene.exit(subshell, 111)
    scene.exit(grep, 112, 1)
    expect(scene.calls).toMatchObject([{ call: 1, command: 'cat x | grep y', exit_code: 1 }])
  })

  test('handle() keeps what it knew of a stage that looked like another call', () => {
    const { scene, shell } = keptShell()
    scene.spawn(shell, 100, ['echo', 'x'], FROM)
    const last = scene.spawn(shell, 101, ['bash', 'run.sh'], { ...LAST, argv_truncated: true })
    const pytest = scene.spawn(last, 102, ['pytest'])
    scene.spawn(shell, 103, ['uniq'], BETWEEN)
    expect(scene.tracker.callOf(pytest)).toBe(1)
    expect(scene.calls).toMatchObject([
      { call: 1, kind: 'test', program: 'pytest', command_truncated: true, processes: 4 },
    ])
  })

  test('handle() follows a stage from call to call, however often its call turns out to be a part', () => {
    const { scene, shell } = keptShell()
    const pipe = (from: number, to: number) => ({ stdin_pipe: from, stdout_pipe: to })
    scene.spawn(shell, 100, ['a'], pipe(1, 10))
    scene.spawn(shell, 101, ['c'], pipe(11, 12))
    const last = scene.spawn(shell, 102, ['e'], pipe(13, 2))
    scene.spawn(shell, 103, ['d'], pipe(12, 13))
    expect(scene.tracker.callOf(last)).toBe(2)
    scene.spawn(shell, 104, ['b'], pipe(10, 11))
    expect(scene.tracker.callOf(last)).toBe(1)
    expect(scene.calls).toHaveLength(1)
  })

  test('handle() joins no jobs of two shells, whose own pipes may have been given them', () => {
    const { scene, agent, shell } = keptShell()
    const other = scene.spawn(agent, 10, ['bash', '--norc'], { stdin_pipe: 3, stdout_pipe: 4 })
    scene.spawn(shell, 100, ['ls'], FROM)
    scene.spawn(other, 101, ['head'], TO)
    expect(scene.calls.map(({ command }) => command)).toEqual(['ls', 'head'])
  })
})
