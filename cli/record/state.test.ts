import { expect, test } from 'bun:test'
import { exampleResult, exampleRun } from '../../test/example-record.ts'
import { ownProcess } from '../procfs/stat.ts'
import { runState } from './state.ts'

test('runState() goes by the result first, then by whether the supervisor still lives', () => {
  const live = exampleRun({ supervisor: ownProcess() })
  expect(runState({ run: live, result: exampleResult() })).toBe('ended')
  expect(runState({ run: live, result: null })).toBe('running')
  // The same pid, but a process that began at another time.
  expect(runState({ run: exampleRun(), result: null })).toBe('abandoned')
})
