import { expect, test } from 'bun:test'
import { KINDS } from '../../cli/record/vocabulary.ts'
import { EXPECTED, scenario } from './scenario.ts'

const expected = [...EXPECTED.values()]

test('the scenario has the calls that the issue names', () => {
  expect(expected.length).toBeGreaterThanOrEqual(20)
  for (const part of [
    ' | ',
    'cd src &&',
    '<<',
    ' & ',
    'unittest',
    'npm install',
    'burst.py 300',
    'kill -9',
  ]) {
    expect(expected.some(({ command }) => command.includes(part))).toBe(true)
  }
  for (const kind of KINDS.filter((kind) => kind !== 'build')) {
    expect(expected.some(({ proven }) => proven === kind)).toBe(true)
  }
})

test('no two calls have the same command, so that each can be found in a record', () => {
  expect(new Set(expected.map(({ command }) => command)).size).toBe(expected.length)
})

test('each command prints a start, into its output or a file', () => {
  for (const { command } of expected) expect(command).toContain('date +%s.%N')
})

test('scenario() puts the project where a tool names a file of it', () => {
  const { parts, thinkMs } = scenario('/some/project', 5)
  expect(thinkMs).toBe(5)
  const paths = parts.flatMap(({ turns }) =>
    turns.flatMap(({ tools }) => tools.map(({ input }) => input.file_path)),
  )
  const named = paths.filter((path) => path !== undefined)
  expect(named.length).toBe(3)
  for (const path of named) expect(path).toMatch(/^\/some\/project\/src\//)
})

test('the cue of no part is contained in another', () => {
  const cues = scenario('/project').parts.map(({ cue }) => cue)
  for (const cue of cues) expect(cues.filter((other) => other.includes(cue))).toEqual([cue])
})
