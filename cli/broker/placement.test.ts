import { describe, expect, test } from 'bun:test'
import { Scene } from '../../test/process-events.ts'
import { GENERIC } from '../calls/agents/generic.ts'
import type { LeafHistory } from '../cgroup/leaf.ts'
import type { RunLeaves } from '../cgroup/run-leaves.ts'
import { DEFAULT_SETTINGS } from '../policy/settings.ts'
import { ownProcess } from '../procfs/stat.ts'
import type { ProcessId } from '../watch/process-event.ts'
import { Placement } from './placement.ts'

/** Leaves that are none: what was put where, and what goes wrong where that is wanted. */
class FakeLeaves {
  readonly placed: [leaf: string, pid: number][] = []
  readonly limitBytes = null
  readonly runtime = this.#leaf('runtime')
  readonly services = this.#leaf('services')
  readonly #calls = new Map<number, unknown>()
  fails: string | null = null
  isBusy = false
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
    }
  }

  call(number: number) {
    return this.#calls.get(number)
  }

  makeSpare() {}

  measureAgent() {}

  addCall(number: number) {
    const leaf = this.#leaf(`call-${number}`)
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
  const root = scene.spawn(agent, 100, ['make'])
  const leaves = new FakeLeaves()
  const run = {
    id: 'run',
    settings: DEFAULT_SETTINGS,
    holdsExecs: true,
    nowMs: () => 0,
    record: () => {},
    note: () => {},
    end: () => {},
    lookWithin: () => {},
  }
  const placement = new Placement(leaves as unknown as RunLeaves, scene.tracker, 'observe', run)
  const released: number[] = []
  const settle = (id: ProcessId) =>
    placement.settle({ id, argv: [], environment: [] }, () => released.push(id.pid))
  return { scene, agent, root, leaves, placement, settle, released }
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
