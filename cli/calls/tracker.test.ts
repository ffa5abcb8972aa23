import { heapStats } from 'bun:jsc'
import { describe, expect, test } from 'bun:test'
import { Scene } from '../../test/process-events.ts'
import type { ProcessId } from '../watch/process-event.ts'
import { CLAUDE } from './agents/claude.ts'
import { GENERIC } from './agents/generic.ts'

const SNAPSHOT = '/home/dev/.claude/shell-snapshots/snapshot-bash-1700000000000-abc123.sh'
const claudeCall = (command: string) => [
  '/bin/bash',
  '-c',
  `source ${SNAPSHOT} 2>/dev/null || true && eval '${command}' < /dev/null && pwd -P >| /tmp/claude-1-cwd`,
]

function python() {
  const scene = new Scene(GENERIC)
  const agent = scene.spawn(null, 0, ['python3', 'agent.py'])
  return { scene, agent }
}

describe('with the claude profile', () => {
  function claude() {
    const scene = new Scene(CLAUDE)
    const agent = scene.spawn(null, 0, ['claude', '-p', 'fix issue'])
    return { scene, agent }
  }

  test('handle() begins a call at the exec of a model’s command and ends it with its root', () => {
    const { scene, agent } = claude()
    const root = scene.spawn(agent, 1000, claudeCall('ls src'))
    const ls = scene.spawn(root, 1010, ['ls', 'src'])
    scene.exit(ls, 1020)
    scene.exit(root, 1030, 2)
    expect(scene.said).toEqual([
      { event: 'call_start', time_ms: 1000, call: 1, root, guessed_kind: 'explore', command: 'ls src' },
      { event: 'call_end', time_ms: 1030, call: 1, kind: 'explore', exit_code: 2, signal: null },
    ])
    expect(scene.calls).toMatchObject([
      { call: 1, start_ms: 1000, end_ms: 1030, processes: 2, program: 'ls' },
    ])
  })

  test('handle() makes no call of services, housekeeping and what these execute', () => {
    const { scene, agent } = claude()
    const server = scene.spawn(agent, 10, ['python3', 'mcp.py'])
    scene.run(server, 20, 30, ['bash', '-c', 'make'])
    scene.run(agent, 40, 50, ['git', '-c', 'core.askPass=', 'status'])
    const hook = scene.spawn(agent, 60, ['/bin/sh', '-c', 'sh hook.sh'])
    scene.run(hook, 61, 62, claudeCall('ls'))
    expect(scene.said).toEqual([])
    expect(scene.tracker.countRoles()).toEqual({ runtime: 1, service: 4, call: 0, housekeeping: 1 })
  })

  test('calls() tells parallel calls apart, each with its own processes', () => {
    const { scene, agent } = claude()
    const one = scene.spawn(agent, 100, claudeCall('make'))
    const other = scene.spawn(agent, 105, claudeCall('git log'))
    scene.spawn(other, 110, ['git', 'log'])
    const make = scene.spawn(one, 120, ['make'])
    expect(scene.tracker.callOf(make)).toBe(1)
    scene.exit(other, 130)
    scene.exit(one, 140, { signal: 9 })
    expect(scene.calls).toMatchObject([
      { call: 1, kind: 'build', processes: 2, exit_code: null, signal: 9 },
      { call: 2, kind: 'git', processes: 2, exit_code: 0, signal: null },
    ])
  })

  test('calls() takes what really ran as the kind, whatever the command said', () => {
    const { scene, agent } = claude()
    const root = scene.spawn(agent, 100, claudeCall('make all'))
    const make = scene.spawn(root, 110, ['make', 'all'])
    scene.spawn(make, 120, ['/usr/bin/python3', '-m', 'pytest', '-q'])
    expect(scene.calls).toMatchObject([{ guessed_kind: 'build', kind: 'test', program: 'pytest' }])
  })

  test('handle() takes an exec that the call’s root does itself as the same call', () => {
    const { scene, agent } = claude()
    const root = scene.spawn(agent, 100, claudeCall('exec ls'))
    scene.exec(root, 110, ['ls'])
    expect(scene.calls).toHaveLength(1)
    expect(scene.calls[0]?.kind).toBe('explore')
  })
})

describe('by the generic rule', () => {
  test('handle() takes each exec directly under the agent as a call, and nothing below it', () => {
    const { scene, agent } = python()
    const make = scene.spawn(agent, 100, ['make', 'test'])
    scene.run(make, 110, 120, ['bash', '-c', 'pytest'])
    scene.exit(make, 130)
    expect(scene.commands).toEqual(['make test'])
  })

  test('handle() sees an exec below a fork that never execs as directly under the agent', () => {
    const { scene, agent } = python()
    const helper = scene.fork(agent, 90)
    scene.run(helper, 100, 110, ['git', 'log'])
    expect(scene.commands).toEqual(['git log'])
  })

  test('handle() ignores processes that were never introduced', () => {
    const { scene } = python()
    scene.exec({ pid: 9, start_ticks: 9 }, 10, ['ls'])
    scene.exit({ pid: 9, start_ticks: 9 }, 20)
    expect(scene.said).toEqual([])
    expect(scene.tracker.callOf({ pid: 9, start_ticks: 9 })).toBeUndefined()
  })

  test('calls() marks a command whose argv was cut off', () => {
    const { scene, agent } = python()
    scene.spawn(agent, 100, ['echo', 'x'], { argv_truncated: true })
    expect(scene.calls[0]?.command_truncated).toBe(true)
  })

  test('sawWholeEnd() leaves nothing in the background, however slowly it dies', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['bash', '-c', 'make &'])
    scene.spawn(root, 110, ['make'])
    scene.exit(root, 200)
    expect(scene.calls[0]?.background).toHaveLength(1)
    scene.tracker.sawWholeEnd(1)
    expect(scene.calls[0]?.background).toEqual([])
  })

  test('sawMemory() keeps the highest, and calls() says null where nothing was seen', () => {
    const { scene, agent } = python()
    scene.spawn(agent, 100, ['make'])
    scene.spawn(agent, 100, ['ls'])
    for (const bytes of [10, 30, 20]) scene.tracker.sawMemory(1, bytes, 'process-rss')
    scene.tracker.sawMemory(7, 1, 'process-rss')
    expect(scene.calls.map(({ peak_bytes }) => peak_bytes)).toEqual([30, null])
  })
})

test('handle() keeps little of a process that has ended: a build executes thousands', () => {
  const { scene, agent } = python()
  const make = scene.spawn(agent, 100, ['make'])
  const processes = 5000
  const heldBytes = () => {
    Bun.gc(true)
    return heapStats().heapSize
  }
  const before = heldBytes()
  for (let at = 0; at < processes; at++) scene.run(make, 200, 300, ['cc', '-c', `file-${at}.c`])
  // A whole process is several times as much.
  expect((heldBytes() - before) / processes).toBeLessThan(250)
  expect(scene.calls).toMatchObject([{ processes: processes + 1 }])
})

describe('launchers', () => {
  test('handle() takes back what the launcher executed before it started the agent', () => {
    const scene = new Scene(GENERIC)
    const launcher = scene.spawn(null, 0, ['sh', 'launch.sh'])
    scene.run(launcher, 10, 20, ['mkdir', '-p', 'out'])
    expect(scene.commands).toEqual(['mkdir -p out'])
    const agent = scene.spawn(launcher, 30, ['python3', 'agent.py'])
    expect(scene.saidOf('call_retracted')).toMatchObject([{ call: 1, time_ms: 30 }])
    scene.run(agent, 40, 50, ['make'])
    expect(scene.calls).toMatchObject([{ call: 2, command: 'make' }])
    expect(scene.tracker.countRoles()).toEqual({ runtime: 2, service: 0, call: 1, housekeeping: 1 })
  })

  test('handle() keeps the launcher’s execs as calls where no agent comes: then it is the agent', () => {
    const scene = new Scene(GENERIC)
    const shell = scene.spawn(null, 0, ['bash', '-c', 'ls; git status'])
    scene.run(shell, 10, 20, ['ls'])
    scene.run(shell, 30, 40, ['git', 'status'])
    expect(scene.commands).toEqual(['ls', 'git status'])
  })

  test('handle() knows the agent where the launcher becomes it by exec', () => {
    const scene = new Scene(GENERIC)
    const agent = scene.spawn(null, 0, ['sh', 'launch.sh'])
    scene.exec(agent, 10, ['python3', 'agent.py'])
    scene.run(agent, 20, 30, ['python3', 'tool.py'])
    expect(scene.commands).toEqual(['python3 tool.py'])
  })

  test('handle() keeps an agent’s calls when it executes a launcher at last', () => {
    const scene = new Scene(GENERIC)
    const agent = scene.spawn(null, 0, ['python3', 'agent.py'])
    scene.run(agent, 10, 20, ['make'])
    scene.exec(agent, 30, ['bash', 'finish.sh'])
    scene.run(agent, 40, 50, ['python3', 'report.py'])
    expect(scene.commands).toEqual(['make', 'python3 report.py'])
  })

  test('handle() takes a daemon of the launcher’s for no agent, though who started it is gone', () => {
    const scene = new Scene(GENERIC)
    const launcher = scene.spawn(null, 0, ['sh', 'launch.sh'])
    const starter = scene.run(launcher, 10, 20, ['start-cache'])
    scene.spawn(starter, 15, ['python3', 'cache.py'])
    const agent = scene.spawn(launcher, 30, ['python3', 'agent.py'])
    scene.run(agent, 40, 50, ['make'])
    expect(scene.commands).toEqual(['make'])
  })

  test('handle() takes every launcher on the way to the agent for one', () => {
    const scene = new Scene(GENERIC)
    const outer = scene.spawn(null, 0, ['sh', 'launch.sh'])
    const inner = scene.spawn(outer, 10, ['sh', 'inner.sh'])
    const agent = scene.spawn(inner, 20, ['python3', 'agent.py'])
    scene.run(inner, 30, 40, ['sleep', '1'])
    scene.run(agent, 50, 60, ['make'])
    expect(scene.commands).toEqual(['make'])
    expect(scene.tracker.countRoles()).toEqual({ runtime: 3, service: 0, call: 1, housekeeping: 1 })
  })

  test('handle() makes no call of what the launcher runs beside the agent', () => {
    const scene = new Scene(GENERIC)
    const launcher = scene.spawn(null, 0, ['sh', 'launch.sh'])
    scene.spawn(launcher, 10, ['python3', 'agent.py'])
    scene.run(launcher, 20, 30, ['sleep', '1'])
    expect(scene.calls).toEqual([])
  })
})

describe('polling', () => {
  test('handle() takes back what repeats at even intervals, and sees its next turns as housekeeping', () => {
    const { scene, agent } = python()
    scene.run(agent, 500, 600, ['make'])
    for (const at of [1000, 2000, 3000, 4000, 5000]) scene.run(agent, at, at + 5, ['git', 'status'])
    expect(scene.saidOf('call_retracted').map(({ call }) => call)).toEqual([2, 3, 4])
    // Numbers are never given twice: a reader of events can tell calls by them.
    scene.run(agent, 6000, 6100, ['ls'])
    expect(scene.calls.map(({ call, command }) => [call, command])).toEqual([
      [1, 'make'],
      [5, 'ls'],
    ])
    expect(scene.tracker.countRoles().housekeeping).toBe(5)
  })

  test('handle() takes back a poll that still runs, without an end of it', () => {
    const { scene, agent } = python()
    for (const at of [1000, 2000]) scene.run(agent, at, at + 5, ['ps'])
    const open = scene.spawn(agent, 3000, ['ps'])
    scene.spawn(agent, 4000, ['ps'])
    scene.exit(open, 4010)
    expect(scene.saidOf('call_end').map(({ call }) => call)).toEqual([1, 2])
    expect(scene.calls).toEqual([])
  })
})

describe('background', () => {
  test('calls() lists what a call leaves running, by what it last executed', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['bash', '-c', 'python3 server.py & sleep 1 &'])
    const server = scene.spawn(root, 110, ['python3', 'server.py'])
    const forked = scene.fork(server, 115)
    const brief = scene.spawn(root, 120, ['sleep', '1'])
    scene.exit(root, 200)
    // On its way out, not left running.
    scene.exit(brief, 250)
    const argv = ['python3', 'server.py']
    expect(scene.calls[0]?.background).toEqual([
      { ...server, argv },
      { ...forked, argv },
    ])
    expect(scene.calls[0]?.end_ms).toBe(200)
  })

  test('calls() lists once what was left and has ended since', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['bash', '-c', 'sh job.sh &'])
    const job = scene.spawn(root, 110, ['sh', 'job.sh'])
    const child = scene.spawn(job, 120, ['make'])
    scene.exit(root, 200)
    scene.exit(job, 400)
    const listed = [
      { ...job, argv: ['sh', 'job.sh'] },
      { ...child, argv: ['make'] },
    ]
    expect(scene.calls[0]?.background).toEqual(listed)
    scene.exit(child, 500)
    expect(scene.calls[0]?.background).toEqual(listed)
  })

  test('calls() lists what ran until the agent ended, and the container with it', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['bash', '-c', 'npm run dev &'])
    const npm = scene.spawn(root, 110, ['npm'])
    scene.exit(root, 200)
    const server = scene.spawn(npm, 600, ['node', 'server.js'])
    const open = scene.spawn(agent, 900, ['make'])
    const cc = scene.spawn(open, 910, ['cc'])
    scene.exit(agent, 1000)
    for (const [at, id] of [npm, server, open, cc].entries()) scene.exit(id, 1010 + at, { signal: 9 })
    expect(scene.calls.map(({ background }) => background)).toMatchObject([[npm, server], []])
  })

  test('calls() lists what the leftover starts only while that lives: a server may start thousands', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['bash', '-c', 'python3 server.py &'])
    const server = scene.spawn(root, 110, ['python3', 'server.py'])
    scene.exit(root, 200)
    scene.run(server, 1000, 1500, ['cgi'])
    const worker = scene.spawn(server, 2000, ['worker'])
    expect(scene.calls[0]?.background).toMatchObject([server, worker])
    expect(scene.calls[0]?.processes).toBe(4)
  })

  test('calls() lists nothing while the call runs', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['make'])
    scene.spawn(root, 110, ['cc'])
    expect(scene.calls[0]).toMatchObject({ end_ms: null, background: [] })
  })
})

describe('a process that is introduced after its parent’s end', () => {
  test('handle() gives it to the call of its parent, whose command it runs until it executes something', () => {
    const { scene, agent } = python()
    const argv = ['bash', '-c', '(read x; make) &']
    const root = scene.run(agent, 100, 200, argv)
    const subshell = scene.fork(root, 150)
    expect(scene.tracker.callOf(root)).toBe(1)
    expect(scene.calls).toMatchObject([{ processes: 2, background: [{ ...subshell, argv }] }])
    const make = scene.spawn(subshell, 300, ['make'])
    expect(scene.tracker.callOf(make)).toBe(1)
    expect(scene.calls).toMatchObject([{ kind: 'build', processes: 3 }])
  })

  test('handle() gives it to nobody where its parent’s call was none', () => {
    const { scene, agent } = python()
    const poll = (at: number) => scene.run(agent, at, at + 5, ['git', 'status'])
    const [first] = [1000, 2000, 3000, 4000].map(poll)
    const late = scene.spawn(first as ProcessId, 1004, ['git-helper'])
    expect(scene.tracker.callOf(late)).toBeNull()
    expect(scene.tracker.countRoles()).toEqual({ runtime: 1, service: 0, call: 0, housekeeping: 5 })
  })
})

describe('a process whose parent is lost', () => {
  test('handle() gives it to the only call that ran when it was forked', () => {
    const { scene, agent } = python()
    const root = scene.spawn(agent, 100, ['bash', 'start.sh'])
    scene.exit(root, 200)
    // Told of after the call’s end, but forked before it.
    const daemon = scene.spawn(null, 150, ['server'])
    expect(scene.calls).toMatchObject([{ call: 1, background: [{ ...daemon, argv: ['server'] }] }])
  })

  test('handle() gives it to nobody when two calls ran: a wrong owner would be worse than none', () => {
    const { scene, agent } = python()
    scene.spawn(agent, 100, ['bash', 'start.sh'])
    scene.spawn(agent, 110, ['make'])
    const daemon = scene.spawn(null, 150, ['server'])
    expect(scene.tracker.callOf(daemon)).toBeNull()
    expect(scene.calls.map(({ processes }) => processes)).toEqual([1, 1])
    expect(scene.tracker.countRoles().housekeeping).toBe(1)
  })

  test('handle() takes it as a call of its own when none ran', () => {
    const { scene } = python()
    scene.spawn(null, 150, ['make'])
    expect(scene.commands).toEqual(['make'])
  })
})
