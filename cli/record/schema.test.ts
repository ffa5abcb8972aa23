import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { outdated, RECORD_FILE_NAMES, schemaOf } from '../../test/schema.ts'
import { KIND_RANK } from '../calls/kinds.ts'
import { KINDS } from './vocabulary.ts'

test('docs/schema is what the code says; if not, run `bun test/schema.ts`', () => {
  expect(outdated()).toEqual([])
})

test('a schema allows no field that it does not name: a misspelt one would be lost unseen', () => {
  const objects = (node: unknown): Record<string, unknown>[] => {
    if (typeof node !== 'object' || node === null) return []
    const below = Object.values(node).flatMap(objects)
    return 'properties' in node ? [node as Record<string, unknown>, ...below] : below
  }
  for (const file of RECORD_FILE_NAMES) {
    for (const { properties, required, additionalProperties } of objects(schemaOf(file))) {
      expect(additionalProperties).toBe(false)
      expect(required).toEqual(Object.keys(properties as object))
    }
  }
})

test('docs/record.md names every field of the schemas', () => {
  const text = readFileSync(join(import.meta.dir, '../../docs/record.md'), 'utf8')
  const named = new Set([...text.matchAll(/`([\w.]+)`/g)].flatMap(([, words]) => words!.split('.')))
  const fields = (node: unknown): string[] => {
    if (typeof node !== 'object' || node === null) return []
    const own = 'properties' in node ? Object.keys(node.properties as object) : []
    return [...own, ...Object.values(node).flatMap(fields)]
  }
  const missing = RECORD_FILE_NAMES.flatMap((file) => fields(schemaOf(file))).filter(
    (name) => !named.has(name),
  )
  expect(missing).toEqual([])
})

test('KIND_RANK ranks every kind once: foremost() would never find another', () => {
  expect([...KIND_RANK].sort()).toEqual([...KINDS].sort())
})
