// results.json: what the collector timed around a run, and the image. Its copies of the other two files are left
// alone.

import type { Attempt, LoadedRun } from '../../analysis/run.ts'
import { BYTES, FieldReader, isFields, MEGABYTES, SECONDS } from '../fields.ts'
import { type Place, readJson } from '../json-file.ts'
import { kindOf } from '../losses.ts'

type Results = Pick<LoadedRun, 'runSeconds' | 'imagePreparationSeconds' | 'image'>

export function readResults(place: Place): Results {
  const document = readJson(place)
  if (!isFields(document)) {
    if (document !== null) place.losses.note(place.file, null, `is ${kindOf(document)}, not an object`)
    return { runSeconds: null, imagePreparationSeconds: null, image: null }
  }
  const reader = new FieldReader(document, place.file, place.losses)
  const image = reader.object('image_info')
  reader.expect('claude_time', 'permission_fix_time')
  image?.expect('size_bytes', 'size_mb')
  return {
    runSeconds: reader.number('claude_time', SECONDS),
    imagePreparationSeconds: reader.number('permission_fix_time', SECONDS),
    image: image && {
      bytes: image.number('size_bytes', BYTES),
      mib: image.number('size_mb', MEGABYTES),
    },
  }
}

export function readAttempt(name: string, place: Place): Attempt {
  return { name, seconds: readResults(place).runSeconds }
}
