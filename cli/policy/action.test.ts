import { expect, test } from 'bun:test'
import { type Action, inSequence } from './action.ts'

test('inSequence() gives room before it takes any', () => {
  const given: Action[] = [
    { action: 'admit', call: 'new', grantedBytes: 1 },
    { action: 'grant', call: 'raised', grantedBytes: 20 },
    { action: 'thaw', call: 'raised' },
    { action: 'grant', call: 'lowered', grantedBytes: 5 },
    { action: 'freeze', call: 'lowered' },
  ]
  const order = inSequence(given, () => 10).map((each) => `${each.action} ${'call' in each ? each.call : ''}`)
  expect(order).toEqual(['freeze lowered', 'grant lowered', 'grant raised', 'thaw raised', 'admit new'])
})
