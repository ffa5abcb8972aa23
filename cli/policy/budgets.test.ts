import { expect, test } from 'bun:test'
import { KINDS } from '../record/vocabulary.ts'
import { budgetBytes, LEAST_BUDGET_BYTES } from './budgets.ts'

const ROOM = 4e9

test('budgetBytes() gives no kind less than memory.high can bear', () => {
  for (const kind of KINDS) expect(budgetBytes(kind, null, ROOM)).toBeGreaterThanOrEqual(LEAST_BUDGET_BYTES)
})

test('budgetBytes() gives what was measured, and to a kind without a measurement what its like has', () => {
  expect(budgetBytes('test', null, ROOM)).toBe(124.5e6)
  expect(budgetBytes('build', null, ROOM)).toBe(budgetBytes('test', null, ROOM))
  expect(budgetBytes('explore', null, ROOM)).toBe(LEAST_BUDGET_BYTES)
})

test('budgetBytes() gives what was asked for if it is more, and never more than the room', () => {
  expect(budgetBytes('git', 2e9, ROOM)).toBe(2e9)
  expect(budgetBytes('test', 1e6, ROOM)).toBe(124.5e6)
  expect(budgetBytes('git', 9e9, ROOM)).toBe(ROOM)
  expect(budgetBytes('test', null, 50e6)).toBe(50e6)
})
