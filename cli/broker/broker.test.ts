import { describe, expect, test } from 'bun:test'
import { LIMIT, MB, ROOM, type Spoil, stuck, Trial } from '../../test/broker-trial.ts'
import { DEFAULT_SETTINGS } from '../policy/settings.ts'

describe('Broker', () => {
  test('leaves the agent what it has mapped of files: squeezed out of its own text, it would stand still', () => {
    const trial = new Trial()
    trial.agentMappedBytes = 100 * MB
    expect(Number(trial.enters(1).read('memory.high'))).toBe(ROOM - 100 * MB)
  })

  test('gives a call that is alone all that the agent leaves of the limit, before it asks', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    expect(trial.let).toEqual([1])
    expect(Number(call.read('memory.high'))).toBe(ROOM)
    expect(call.read('cgroup.freeze')).toBe('0')
  })

  test('looks every 10 ms from a call’s beginning until it has stopped growing, and less often then', () => {
    const trial = new Trial()
    trial.passes(100)
    const call = trial.enters(1)
    expect(trial.nextMs).toBe(10)
    trial.passes(400, (nowMs) => call.holds(nowMs * MB))
    expect(trial.nextMs).toBe(10)
    trial.passes(1000)
    expect(trial.nextMs).toBe(20)
    call.holds(700 * MB)
    trial.passes(20)
    expect(trial.nextMs).toBe(10)
  })

  test('has who does not fit beside the others wait frozen, after its exec, with next to nothing', () => {
    const trial = new Trial()
    const large = trial.enters(1)
    trial.passes(100, (nowMs) => large.holds(nowMs * 8 * MB))
    const late = trial.enters(2, 500 * MB)
    expect(trial.let).toEqual([1, 2])
    expect(late.read('cgroup.freeze')).toBe('1')
    expect(Number(late.read('memory.high'))).toBeLessThanOrEqual(16 * MB)

    large.remove()
    trial.calls.delete(1)
    trial.broker.left(1)
    trial.passes(20)
    expect(late.read('cgroup.freeze')).toBe('0')
    expect(Number(late.read('memory.high'))).toBe(ROOM)
    expect(trial.actions).toEqual(['admitted 2'])
  })

  test('tells and then ends what gets no further for want of memory, within its time and a second', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    const move = stuck(trial, call)
    trial.passes(DEFAULT_SETTINGS.stallMs - 200, move)
    expect(call.read('cgroup.kill')).toBe('')
    trial.passes(1200, move)
    expect(call.read('cgroup.kill')).toBe('1')
    expect(trial.said).toHaveLength(1)
    expect(trial.said[0]).toContain('acg: this command is about to be ended')
    expect(trial.said[0]).toContain('1.0 GB')
    expect(trial.ended).toEqual([1])
    expect(trial.recorded).toMatchObject([
      { action: 'killed', call: 1, by: 'acg', done: true, told: true, limit_bytes: LIMIT, room_bytes: ROOM },
    ])
  })

  test('stops who creeps past its limit into what is kept back, until there is room again', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    trial.passes(20, () => call.holds(ROOM + 20 * MB))
    expect(call.read('cgroup.freeze')).toBe('0')
    trial.passes(20, () => call.holds(ROOM + 30 * MB))
    expect(call.read('cgroup.freeze')).toBe('1')
    trial.agentBytes -= 50 * MB
    trial.passes(20)
    expect(call.read('cgroup.freeze')).toBe('0')
    expect(trial.actions).toEqual([])
  })

  test('ends it at once where the agent takes what was kept back: the kernel would, and tell nobody', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    const move = stuck(trial, call)
    trial.passes(1000, move)
    trial.agentBytes += 45 * MB
    trial.passes(20, move)
    expect(trial.said).toHaveLength(1)
    trial.passes(DEFAULT_SETTINGS.graceMs, move)
    expect(trial.actions).toEqual(['killed 1'])
  })

  test('ends the run if what was killed is still there after as long again', () => {
    const trial = new Trial()
    const call = trial.enters(1)
    trial.passes(2 * DEFAULT_SETTINGS.stallMs + 2000, stuck(trial, call))
    expect(trial.ends).toHaveLength(1)
    expect(trial.actions).toEqual(['killed 1', 'run_ended 1'])
  })

  test('stops it instead, where that was asked for', () => {
    const trial = new Trial({ settings: { onLimit: 'freeze' } })
    const call = trial.enters(1)
    trial.passes(DEFAULT_SETTINGS.stallMs + 1000, stuck(trial, call))
    expect(call.read('cgroup.kill')).toBe('')
    expect(call.read('cgroup.freeze')).toBe('1')
    expect(trial.said[0]).toContain('stands still')
  })

  test('only records what it would do, and touches nothing, where it does not act', () => {
    const trial = new Trial({ acts: false })
    const call = trial.enters(1)
    trial.passes(DEFAULT_SETTINGS.stallMs + 1000, (nowMs) => {
      call.holds(ROOM)
      call.stalled(nowMs * 1000)
    })
    expect(call.read('memory.high')).toBe('max')
    expect(call.read('cgroup.kill')).toBe('')
    expect(trial.said).toEqual([])
    expect(trial.recorded).toMatchObject([{ action: 'killed', call: 1, done: false, told: false }])
  })

  test('takes a leaf that has gone for a call that has ended', () => {
    const trial = new Trial()
    trial.enters(1).remove()
    trial.calls.delete(1)
    expect(() => trial.passes(100)).not.toThrow()
  })

  describe('throws where its write fails, so that the run ends: what was to be contained must not go on', () => {
    const scenes = {
      setHigh: (trial: Trial, spoil: Spoil) => trial.enters(1, null, spoil),
      freeze: (trial: Trial, spoil: Spoil) => {
        const large = trial.enters(1)
        trial.passes(100, (nowMs) => large.holds(nowMs * 8 * MB))
        trial.enters(2, 500 * MB, spoil)
      },
      kill: (trial: Trial, spoil: Spoil) => {
        const call = trial.enters(1, null, spoil)
        trial.passes(DEFAULT_SETTINGS.stallMs + 1000, stuck(trial, call))
      },
    } as const
    for (const [write, scene] of Object.entries(scenes))
      test.each(['EBUSY', 'ENOENT', 'EAGAIN', 'ENOSPC', 'EPERM'])(`${write}(): %s`, (code) => {
        const trial = new Trial()
        const spoil: Spoil = (leaf) => {
          leaf[write as keyof typeof scenes] = () => {
            throw Object.assign(new Error(code), { code })
          }
        }
        expect(() => scene(trial, spoil)).toThrow(code)
        expect(trial.recorded.filter(({ action }) => action === 'killed')).toEqual([])
      })
  })
})
