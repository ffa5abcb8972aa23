// progress.json of a set: which tasks succeeded, by a heuristic on the agent's output. It lists more tasks than
// there are folders.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FieldReader, isFields } from '../fields.ts'
import { type Place, readJson } from '../json-file.ts'

export function succeededTasks(place: Place): ReadonlySet<string> {
  if (!existsSync(join(place.root, place.file))) return new Set()
  const document = readJson(place)
  if (!isFields(document)) return new Set()
  const results = new FieldReader(document, place.file, place.losses).object('results')
  const tasks = Object.keys(results?.fields ?? {})
  return new Set(tasks.filter((task) => results?.object(task)?.flag('success') === true))
}
