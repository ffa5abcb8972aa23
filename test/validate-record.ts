// Holds a record against the published schemas, and against what docs/record.md says of its files as a whole.

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020'
import { RECORD_FILE_NAMES, type RecordFile, schemaPath } from './schema.ts'

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true })
const compiled = new Map<RecordFile, ValidateFunction>()

/**
 * What is wrong with the record in `folder`, as `FILE:LINE WHERE what`. A torn last line is not wrong, and neither
 * is a record that was not imported, or a missing result where `finished` is false.
 */
export function validateRecord(folder: string, { finished = true } = {}): string[] {
  const runIds = new Set<unknown>()
  const violations = RECORD_FILE_NAMES.flatMap((file) => {
    const path = join(folder, file)
    if (existsSync(path))
      return file.endsWith('.jsonl') ? lines(file, path, runIds) : whole(file, path, runIds)
    const isOptional = file === 'origin.json' || (file === 'result.json' && !finished)
    return isOptional ? [] : [`${file}:1 is not there`]
  })
  return runIds.size > 1
    ? [...violations, `run_id differs between files: ${[...runIds].join(', ')}`]
    : violations
}

function whole(file: RecordFile, path: string, runIds: Set<unknown>): string[] {
  return check(file, 1, readFileSync(path, 'utf8'), runIds).violations
}

function lines(file: RecordFile, path: string, runIds: Set<unknown>): string[] {
  const texts = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return texts.flatMap((text, at) => {
    const { value, violations } = check(file, at + 1, text, runIds)
    if (violations.length > 0 || isHeader(value) === (at === 0)) return violations
    return [`${file}:${at + 1} ${at === 0 ? 'is not the header' : 'is a second header'}`]
  })
}

function check(
  file: RecordFile,
  line: number,
  text: string,
  runIds: Set<unknown>,
): { value: unknown; violations: string[] } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { value: null, violations: [`${file}:${line} ${(error as Error).message}`] }
  }
  const validate = validator(file)
  const isValid = validate(value)
  const id = (value as { run_id?: unknown } | null)?.run_id
  if (id !== undefined) runIds.add(id)
  const violations = isValid ? [] : telling(validate.errors ?? []).map((error) => say(file, line, error))
  return { value, violations }
}

function isHeader(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'schema_version' in value
}

function validator(file: RecordFile): ValidateFunction {
  const known = compiled.get(file)
  if (known) return known
  const schema = JSON.parse(readFileSync(schemaPath(file), 'utf8')) as object
  const validate = ajv.compile(schema)
  compiled.set(file, validate)
  return validate
}

/** Of a choice between kinds of line, the errors of the kind that was most likely meant. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const byBranch = Map.groupBy(
    errors,
    ({ schemaPath }) => /^#\/(?:anyOf|oneOf)\/(\d+)\//.exec(schemaPath)?.[1],
  )
  const branches = [...byBranch].filter(([branch]) => branch !== undefined).map(([, each]) => each)
  if (branches.length === 0) return errors
  const isAnotherKind = (each: readonly ErrorObject[]) =>
    each.some(({ keyword, instancePath }) => keyword === 'const' && instancePath === '/event')
  const meant = branches.filter((each) => !isAnotherKind(each))
  const least = meant.toSorted((a, b) => a.length - b.length)[0]
  return least ?? branches[0]?.filter(({ keyword }) => keyword === 'const') ?? errors
}

function say(file: RecordFile, line: number, { instancePath, message, params }: ErrorObject): string {
  const detail = params.additionalProperty ?? params.allowedValues?.join(', ') ?? params.allowedValue
  const where = instancePath === '' ? '' : ` ${instancePath}`
  return `${basename(file)}:${line}${where} ${message}${detail === undefined ? '' : `: ${detail}`}`
}
