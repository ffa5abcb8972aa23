// tool_calls.json: the collector's own list of calls. In the pilot set it has neither ends nor commands.

import type { Call } from '../../analysis/run.ts'
import { readersOf } from '../fields.ts'
import { type Place, readJson } from '../json-file.ts'
import { kindOf } from '../losses.ts'

/** The calls that have both ends, in the file's order, which is not that of time. */
export function readToolCalls(place: Place): Call[] {
  const document = readJson(place)
  if (document === null) return []
  if (!Array.isArray(document)) {
    place.losses.note(place.file, null, `is ${kindOf(document)}, not a list`)
    return []
  }
  return readersOf(document, place.file, place.losses, 'calls').flatMap((reader) => {
    const tool = reader.text('tool')
    const start = reader.time('timestamp')
    const end = reader.time('end_timestamp')
    if (tool === null || start === null || end === null) return []
    const command = reader.object('input')?.fields.command
    return [{ tool, start, end, command: typeof command === 'string' ? command : '', isSidechain: false }]
  })
}
