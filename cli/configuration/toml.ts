// config.toml, checked: what is set wrongly is named, with what to write instead.

import * as v from 'valibot'
import { parseByteSize } from '../byte-size.ts'
import { parseDurationMs } from '../duration.ts'
import { AcgError } from '../errors.ts'
import type { Configuration } from './configuration.ts'

/** A pool of less holds no agent. */
const LEAST_POOL_BYTES = 64 << 20

const WANTED = {
  duration: 'write a duration of at least "1ms", such as stall = "10s"',
  size: `write a size of at least "${LEAST_POOL_BYTES >> 20}m", such as memory = "8g"`,
  fate: 'write on-limit = "kill" or on-limit = "freeze"',
} as const

const Duration = v.pipe(
  v.string(WANTED.duration),
  v.check((text) => (parseDurationMs(text) ?? 0) >= 1, WANTED.duration),
  v.transform((text) => parseDurationMs(text) as number),
)

const PoolSize = v.pipe(
  v.string(WANTED.size),
  v.check((text) => (parseByteSize(text) ?? 0) >= LEAST_POOL_BYTES, WANTED.size),
  v.transform((text) => parseByteSize(text) as number),
)

const Limits = v.strictObject({
  stall: v.optional(Duration),
  'on-limit': v.optional(v.picklist(['kill', 'freeze'], WANTED.fate)),
})

const Toml = v.strictObject({
  limits: v.optional(Limits),
  pool: v.optional(v.strictObject({ memory: PoolSize })),
})

/** Throws AcgError. */
export function parseConfiguration(file: string, text: string): Configuration {
  const result = v.safeParse(Toml, parseToml(file, text))
  if (!result.success) throw notUnderstood(file, result.issues[0])
  const { limits, pool } = result.output
  return {
    stallMs: limits?.stall ?? null,
    onLimit: limits?.['on-limit'] ?? null,
    poolBytes: pool?.memory ?? null,
  }
}

function parseToml(file: string, text: string): unknown {
  try {
    return Bun.TOML.parse(text)
  } catch (error) {
    throw new AcgError({
      what: `${file} is no TOML`,
      seen: (error as Error).message,
      hint: `mend it, or move it away: \`mv ${file} ${file}.old\``,
    })
  }
}

function notUnderstood(file: string, issue: v.BaseIssue<unknown>): AcgError {
  const path = v.getDotPath(issue) ?? ''
  if (issue.type !== 'strict_object') return cannotBe(file, path, issue.input, issue.message)
  if (issue.expected === 'never')
    return new AcgError({
      what: `${file} sets ${path}, which acg does not know`,
      hint: 'it knows limits.stall, limits.on-limit and pool.memory',
    })
  if (issue.input === undefined) return new AcgError({ what: `${file} lacks ${path}`, hint: WANTED.size })
  return cannotBe(file, path, issue.input, `write [${path}], and its settings below`)
}

function cannotBe(file: string, path: string, seen: unknown, hint: string): AcgError {
  return new AcgError({
    what: `${file}: ${path} cannot be so`,
    seen: `${path} = ${JSON.stringify(seen)}`,
    hint,
  })
}
