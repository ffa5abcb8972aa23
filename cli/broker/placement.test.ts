import { describe, expect, test } from 'bun:test'
import { basename } from 'node:path'
import { execEvent, Scene } from '../../test/process-events.ts'
import { GENERIC } from '../calls/agents/generic.ts'
import type { Beginning } from '../calls/tracked-call.ts'
import type { LeafHistory } from '../cgroup/leaf.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { DEFAULT_SETTINGS } from '../policy/settings.ts'
import { ownProcess } from '../procfs/stat.ts'
import type { ProcessId } from '../watch/process-event.ts'
import type { Door } from '../watch/watcher.ts'
import { Placement } from './placement.ts'

const OPENED = 77

/** Leaves that are none: what was put where, and what goes wrong where that is wanted. */
class FakeLeaves {
  readonly placed: [leaf: string, pid: number][] = []
  readonly limitBytes = null
  readonly runtime = this.#leaf('runtime')
  readonly services = this.#leaf('services')
  readonly #calls = new Map<number, unknown>()
  fails: string | null = null
  isBusy = false
  readonly moved: [from: string, to: string][] = []
  /** Whom a move of all finds there. */
  astray: number[] = []
  spare = this.#leaf('call-1')
  history: LeafHistory | null = { peakBytes: 7, oomKills: 0 }

  #leaf(name: string) {
    return {
      folder: `/sys/fs/cgroup/test/${name}`,
      place: (pid: number) => {
        if (this.fails) throw Object.assign(new Error(this.fails), { code: this.fails })
        this.placed.push([name, pid])
      },
      history: () => this.history,
      pids: () => [],
      openForMoves: () => OPENED,
      moveAllTo: (other: { folder: string }) => {
        this.moved.push([name, basename(other.folder)])
        return this.astray
      },
    }
  }

  call(number: number) {
    return this.#calls.get(number)
  }

  makeSpare(number: number) {
    this.spare = this.#leaf(`call-${number}`)
  }

  soiledSpare() {}

  tidySpare() {}

  measureAgent() {}

  addCall(number: number) {
    const leaf = basename(this.spare.folder) === `call-${number}` ? this.spare : this.#leaf(`call-${number}`)
    this.#calls.set(number, leaf)
    return leaf
  }

  removeCall(number: number): boolean {
    if (!this.isBusy) this.#calls.delete(number)
    return !this.isBusy
  }
}

function placed() {
  const scene = new Scene(GENERIC)
  const agent = scene.spawn(null, 0, ['python3', 'agent.py'])
  const root = scene.spawn(agent, 100, ['make', 'all'])
  const leaves = new FakeLeaves()
  const expected: (Beginning | null)[] = []
  const door: Door = {
    foresee: ({ procs, parent, file, words }) => {
      expect(procs).toBe(OPENED)
      expected.push({ parent, file, words })
    },
    foreseeNobody: () => expected.push(null),
  }
  const run = {
    id: 'run',
    settings: DEFAULT_SETTINGS,
    door,
    nowMs: () => 0,
    record: () => {},
    note: () => {},
    end: () => {},
    lookWithin: () => {},
  }
  const placement = new Placement(leaves as unknown as RunLeaves, scene.tracker, 'observe', run)
  const released: number[] = []
  const settle = (id: ProcessId, wasForeseen = false) => {
    const placed = wasForeseen ? { standardError: null } : null
    placement.settle({ id, argv: [], environment: [], placed }, () => released.push(id.pid))
  }
  const ends = (call: number) =>
    placement.follow([{ event: 'call_end', time_ms: 200, call, kind: 'build', exit_code: 0, signal: null }])
  return { scene, agent, root, leaves, placement, settle, released, expected, ends }
}

describe('settle()', () => {
  test('puts the agent into the runtime’s leaf, and a call’s processes into the call’s own', () => {
    const { agent, root, leaves, settle, released } = placed()
    settle(agent)
    settle(root)
    expect(leaves.placed).toEqual([
      ['runtime', agent.pid],
      ['call-1', root.pid],
    ])
    expect(released).toEqual([agent.pid, root.pid])
  })

  test.each(['EBUSY', 'ENOENT', 'EAGAIN', 'ENOSPC', 'EPERM'])(
    'throws where a living process cannot be moved (%s): it must not run where no limit holds',
    (code) => {
      const { leaves, settle, released } = placed()
      leaves.fails = code
      expect(() => settle(ownProcess())).toThrow(code)
      expect(released).toEqual([])
    },
  )

  test('takes no notice of a process that has ended meanwhile', () => {
    const { root, leaves, settle } = placed()
    leaves.fails = 'ESRCH'
    settle({ ...root, start_ticks: -1 })
    expect(leaves.placed).toEqual([])
  })
})

describe('follow()', () => {
  const end = { event: 'call_end', time_ms: 200, call: 1, kind: 'build', exit_code: 0, signal: null } as const

  test('gives a call its leaf’s peak', () => {
    const { scene, root, placement, settle } = placed()
    settle(root)
    expect(placement.follow([end])).toEqual([])
    expect(scene.calls[0]).toMatchObject({ peak_bytes: 7, peak_source: 'cgroup2' })
  })

  test.each([
    ['adds to it what a call held before, if nobody held its exec', null, expect.any(Number)],
    ['which a call has not that was held', () => {}, 0],
  ])('%s', (_, letGo, peakBytes) => {
    const { scene, agent, leaves, placement, ends } = placed()
    const own = ownProcess()
    scene.tracker.handle({ event: 'fork', time_ms: 150, ...own, parent: agent })
    scene.exec(own, 150, ['make'])
    leaves.history = { peakBytes: 0, oomKills: 0 }
    placement.settle({ id: own, argv: [], environment: [], placed: null }, letGo)
    ends(2)
    expect(scene.calls[1]?.peak_bytes).toEqual(peakBytes)
    if (letGo === null) expect(scene.calls[1]?.peak_bytes).toBeGreaterThan(1 << 20)
  })

  test('records a limit where the kernel ended something in the leaf, and nowhere else', () => {
    const { root, leaves, placement, settle } = placed()
    settle(root)
    leaves.history = { peakBytes: 7, oomKills: 1 }
    expect(placement.follow([end])).toMatchObject([
      { event: 'limit', time_ms: 200, call: 1, action: 'killed', by: 'kernel', peak_bytes: 7, told: false },
    ])
  })

  test('knows nothing of a leaf that went with the container', () => {
    const { scene, root, leaves, placement, settle } = placed()
    settle(root)
    leaves.history = null
    expect(placement.follow([end])).toEqual([])
    expect(scene.calls[0]?.peak_bytes).toBeNull()
  })
})

describe('the next call', () => {
  test('is expected to begin as the last one did, once that has ended', () => {
    const { agent, root, placement, settle, expected, ends } = placed()
    placement.tidy()
    settle(root)
    placement.tidy()
    expect(expected).toEqual([null])
    ends(1)
    placement.tidy()
    expect(expected.at(-1)).toEqual({ parent: agent, file: 'make', words: ['make'] })
  })

  test('is in its leaf already where it was foreseen', () => {
    const { scene, agent, root, leaves, settle, ends } = placed()
    settle(root)
    ends(1)
    leaves.placed.length = 0
    settle(scene.spawn(agent, 300, ['make']), true)
    expect(leaves.placed).toEqual([])
    expect(leaves.moved).toEqual([])
    expect(leaves.call(2)).toBeDefined()
  })

  test('gets its own leaf where it is not the call that was foreseen', () => {
    const { scene, agent, root, leaves, settle } = placed()
    scene.spawn(agent, 150, ['make'])
    const third = scene.spawn(agent, 160, ['make'])
    settle(root)
    settle(third, true)
    expect(leaves.moved).toEqual([['call-2', 'call-3']])
  })

  test('was none: it is put where it belongs with what it forked, and not expected again', () => {
    const { agent, root, leaves, placement, settle, expected, ends } = placed()
    settle(root)
    ends(1)
    settle(agent, true)
    expect(leaves.moved).toEqual([['call-2', 'runtime']])
    placement.tidy()
    expect(expected).toEqual([null])
  })
})

test('what was forked by who was let in wrongly, and executes something unseen, is put where it belongs', () => {
  const { agent, root, leaves, placement, settle, ends } = placed()
  settle(root)
  ends(1)
  const own = ownProcess()
  leaves.astray = [own.pid]
  settle(agent, true)
  const exec = execEvent(own, 300, ['make'])
  for (const _ of [1, 2]) placement.saw(exec)
  expect(leaves.placed.filter(([, pid]) => pid === own.pid)).toEqual([['runtime', own.pid]])
})

test('tidy() removes the leaf of what a call left running once that has ended', () => {
  const { root, leaves, placement, settle } = placed()
  settle(root)
  leaves.isBusy = true
  placement.follow([{ event: 'call_end', time_ms: 200, call: 1, kind: 'build', exit_code: 0, signal: null }])
  placement.tidy()
  expect(leaves.call(1)).toBeDefined()
  leaves.isBusy = false
  placement.tidy()
  expect(leaves.call(1)).toBeUndefined()
})
