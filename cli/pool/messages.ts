// What a run and the pool's leader say to each other: one line of JSON each. Both are acg, of one user; what does not fit
// ends the connection.

import * as v from 'valibot'

const MOST_LINE_BYTES = 4096

const bytes = v.pipe(v.number(), v.finite(), v.minValue(0))
const sequence = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const ReportSchema = v.strictObject({
  run: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  priority: v.picklist(['high', 'normal', 'low']),
  /** `[pool] memory` as this run read it. */
  poolBytes: bytes,
  agentBytes: bytes,
  need: v.strictObject({
    heldBytes: bytes,
    isGrowing: v.boolean(),
    growingBytes: bytes,
    isShort: v.boolean(),
    isParked: v.boolean(),
    helpingBytes: bytes,
  }),
  /** The last order that it has carried out; 0 before the first from this leader. */
  heard: sequence,
  /** What it keeps to. */
  leaseBytes: bytes,
})
/** From a run. */
export type Report = Readonly<v.InferOutput<typeof ReportSchema>>

const OrderSchema = v.strictObject({
  /** Counts from 1 on each connection. */
  number: sequence,
  leaseBytes: bytes,
  mostBytes: bytes,
  isHelpComing: v.boolean(),
})
/** From the leader. */
export type Order = Readonly<v.InferOutput<typeof OrderSchema>>

export const parseReport = (line: string): Report | null => parse(ReportSchema, line)
export const parseOrder = (line: string): Order | null => parse(OrderSchema, line)

export function toLine(message: Report | Order): string {
  return `${JSON.stringify(message)}\n`
}

/** Cuts what arrives into lines. */
export class Lines {
  #rest = ''

  /** Whole lines; null once one is too long to be any. */
  take(chunk: string): string[] | null {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() as string
    return [this.#rest, ...lines].some(({ length }) => length > MOST_LINE_BYTES) ? null : lines
  }
}

function parse<Schema extends v.GenericSchema>(schema: Schema, line: string): v.InferOutput<Schema> | null {
  try {
    const result = v.safeParse(schema, JSON.parse(line))
    return result.success ? result.output : null
  } catch {
    return null
  }
}
