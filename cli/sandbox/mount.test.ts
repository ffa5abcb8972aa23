import { expect, test } from 'bun:test'
import { mountArguments } from './mount.ts'

test('mountArguments() takes paths with blanks and colons, which -v could not', () => {
  expect(mountArguments({ host: '/a b:c', inside: '/d e', readOnly: true })).toEqual([
    '--mount',
    'type=bind,src=/a b:c,dst=/d e,ro=true',
  ])
  expect(mountArguments({ host: '/a', inside: '/a', readOnly: false })[1]).toEndWith(',ro=false')
})

test('mountArguments() refuses a comma: a folder’s name could make a read-only mount writable', () => {
  for (const [host, inside] of [
    ['/a,ro=false', '/a'],
    ['/a', '/a,ro=false'],
  ] as const)
    expect(() => mountArguments({ host, inside, readOnly: true })).toThrow('cannot mount /a,ro=false')
})
