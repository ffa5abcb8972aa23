import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { hasEnded, isAlive, ownProcess, parseStat, readProcessFile, readStat } from './stat.ts'

/** Fields 3 to 52 are their own numbers, so that a wrong one shows. */
const statOf = (name: string, state = 'S') =>
  `42 (${name}) ${state} ${Array.from({ length: 49 }, (_, at) => at + 4).join(' ')}\n`

const EXPECTED = {
  pid: 42,
  state: 'S',
  parentPid: 4,
  group: 5,
  session: 6,
  hasNotExeced: false,
  cpuTicks: 14 + 15,
  threads: 20,
  startTicks: 22,
  residentPages: 24,
  exitStatus: 52,
}

describe('parseStat()', () => {
  for (const name of ['bash', 'a b', 'a) S 1 2 (b', ')', '(', 'line\nbreak', '', ') R 9 9 9'])
    test(`is not led astray by the name ${JSON.stringify(name)}, which a process chooses itself`, () => {
      expect(parseStat(statOf(name))).toEqual(EXPECTED)
    })

  test('is not led astray by any name', () => {
    fc.assert(fc.property(fc.string(), (name) => expect(parseStat(statOf(name))).toEqual(EXPECTED)))
  })
})

test('parseStat() tells a fresh fork from what has executed: who is frozen too early keeps its parent waiting', () => {
  const flags = (value: number) => statOf('sh').replace(' 8 9 10 ', ` 8 ${value} 10 `)
  expect(parseStat(flags(0x40_0040)).hasNotExeced).toBe(true)
  expect(parseStat(flags(0x40_0000)).hasNotExeced).toBe(false)
})

test('hasEnded() is not said of a process whose first thread alone has ended', () => {
  const zombie = parseStat(statOf('z', 'Z'))
  expect(hasEnded(zombie)).toBe(false)
  expect(hasEnded({ ...zombie, threads: 1 })).toBe(true)
  expect(hasEnded({ ...zombie, state: 'S', threads: 1 })).toBe(false)
  const beingReaped = parseStat(statOf('z', 'X'))
  expect(hasEnded({ ...beingReaped, threads: 1 })).toBe(true)
})

test('readStat() reads this process, and is null for none', () => {
  expect(readStat(process.pid)).toMatchObject({ pid: process.pid, parentPid: process.ppid })
  expect(readStat(2 ** 22 + 1)).toBeNull()
})

test('readProcessFile() throws what is no end of a process: a hidden mistake would lose events', () => {
  expect(() => readProcessFile(process.pid, 'fd')).toThrow('EISDIR')
})

describe('isAlive()', () => {
  test('is true of this process, and false of another one that had its pid', () => {
    const own = ownProcess()
    expect(isAlive(own)).toBe(true)
    expect(isAlive({ ...own, start_ticks: own.start_ticks - 1 })).toBe(false)
  })

  test('is false once a process has ended', async () => {
    const child = Bun.spawn(['cat'], { stdin: 'pipe' })
    const id = { pid: child.pid, start_ticks: readStat(child.pid)!.startTicks }
    expect(isAlive(id)).toBe(true)
    child.stdin.end()
    await child.exited
    expect(isAlive(id)).toBe(false)
  })
})
