// tool_calls.json: the collector's own list of calls. In the pilot set it has neither ends nor commands.

import type { Call } from '../../analysis/run.ts'
import { type FieldReader, readersOf } from '../fields.ts'
import { type Place, readJson } from '../json-file.ts'
import { kindOf } from '../losses.ts'

/** Only Bash has one; other tools may have a field of that name that means something else. */
export function commandOf(call: FieldReader, tool: string): string {
  if (tool === 'Bash') call.expect('input')
  const input = call.object('input')
  if (tool === 'Bash') input?.expect('command')
  return tool === 'Bash' ? (input?.text('command') ?? '') : ''
}

/** The calls that have both ends, in the file's order, which is not that of time. */
export function readToolCalls(place: Place): Call[] {
  const document = readJson(place)
  if (document === null) return []
  if (!Array.isArray(document)) {
    place.losses.note(place.file, null, `is ${kindOf(document)}, not a list`)
    return []
  }
  const readers = readersOf(document, place.file, place.losses, 'calls')
  // A list that has no ends at all is of the pilot set.
  const hasEnds = readers.some(({ fields }) => fields.end_timestamp !== undefined)
  return readers.flatMap((reader) => {
    if (hasEnds) reader.expect('end_timestamp')
    reader.expect('tool', 'timestamp')
    const tool = reader.text('tool')
    const start = reader.time('timestamp')
    const end = reader.time('end_timestamp')
    if (tool === null || start === null || end === null) return []
    if (end < start) reader.note('it', 'ends before it begins: it counts as 0 s')
    return [{ tool, start, end, command: commandOf(reader, tool), isSidechain: false }]
  })
}
