// trace.jsonl: Claude Code's own record of a run, in one file with those of its sub-agents. What calls/agents reads
// of a transcript for `acg show` is less, and of another kind: here every record counts.

import type { Call, Trace } from '../../analysis/run.ts'
import { COUNT, FieldReader, isFields } from '../fields.ts'
import { eachJsonLine, type Place } from '../json-file.ts'
import { commandOf } from './tool-calls.ts'

/** Not a model: what Claude Code says in its own name. */
const SYNTHETIC = '<synthetic>'

export interface ReadTrace {
  readonly trace: Trace
  /** From the first record to the last; null if no record has a time. */
  readonly activeSeconds: number | null
}

/** null if there is no file. A run of which sub-agents have files of their own has several. */
export function readTrace(...places: readonly Place[]): ReadTrace | null {
  const reading = new TraceReading()
  const read = places.filter((place) =>
    eachJsonLine(place, (value, line) => reading.record(value, line, place)),
  )
  return read.length === 0 ? null : { trace: reading.trace(), activeSeconds: reading.activeSeconds() }
}

interface Use {
  readonly tool: string
  readonly command: string
  readonly start: number
  readonly isSidechain: boolean
}

/** Records of calls that run side by side are not quite in order. */
const LARGEST_STEP_BACK = 1

class TraceReading {
  readonly #uses = new Map<string, Use>()
  readonly #ends = new Map<string, number>()
  readonly #messages = new Map<string, number>()
  readonly #models = { main: new Map<string, number>(), sidechain: new Map<string, number>() }
  #records = 0
  #outputTokens = 0
  #first: number | null = null
  #last: number | null = null
  #before: number | null = null

  record(value: unknown, line: number, { file, losses }: Place): void {
    if (!isFields(value)) {
      losses.note(file, `line ${line}`, 'is no object')
      return
    }
    const record = new FieldReader(value, file, losses, null, 'line', line)
    const time = record.time('timestamp')
    if (time !== null) {
      this.#first = Math.min(this.#first ?? time, time)
      this.#last = Math.max(this.#last ?? time, time)
    }
    record.expect('type')
    const type = record.text('type')
    if (type !== 'assistant' && type !== 'user') return
    record.expect('timestamp', 'message', 'isSidechain')
    if (time !== null && this.#before !== null && time < this.#before - LARGEST_STEP_BACK) {
      record.note('timestamp', `is more than ${LARGEST_STEP_BACK} s before the one before it`)
    }
    this.#before = time ?? this.#before
    if (type === 'assistant') this.#assistant(record, time, record.flag('isSidechain'))
    else this.#user(record, time)
  }

  activeSeconds(): number | null {
    return this.#first === null || this.#last === null ? null : this.#last - this.#first
  }

  trace(): Trace {
    const calls: Call[] = [...this.#uses].flatMap(([id, use]) => {
      const end = this.#ends.get(id)
      return end === undefined ? [] : [{ ...use, end }]
    })
    const tokens = [...this.#messages.values()]
    return {
      calls,
      records: { count: this.#records, outputTokens: this.#outputTokens },
      messages: { count: tokens.length, outputTokens: tokens.reduce((sum, each) => sum + each, 0) },
      models: {
        main: Object.fromEntries(this.#models.main),
        sidechain: Object.fromEntries(this.#models.sidechain),
      },
    }
  }

  #assistant(record: FieldReader, time: number | null, isSidechain: boolean): void {
    const message = record.object('message')
    if (message === null) return
    message.expect('id', 'model', 'content', 'usage')
    const usage = message.object('usage')
    usage?.expect('output_tokens')
    const outputTokens = usage?.number('output_tokens', COUNT) ?? 0
    this.#records++
    this.#outputTokens += outputTokens
    const id = message.text('id')
    if (id !== null) this.#messages.set(id, Math.max(this.#messages.get(id) ?? 0, outputTokens))
    const model = message.text('model')
    if (model !== null && model !== SYNTHETIC) {
      const counts = isSidechain ? this.#models.sidechain : this.#models.main
      counts.set(model, (counts.get(model) ?? 0) + 1)
    }
    for (const block of blocksOf(message, 'tool_use')) {
      block.expect('id', 'name')
      const id = block.text('id')
      const tool = block.text('name')
      if (id === null || tool === null || time === null) continue
      this.#uses.set(id, { tool, command: commandOf(block, tool), start: time, isSidechain })
    }
  }

  #user(record: FieldReader, time: number | null): void {
    const message = record.object('message')
    if (message === null || typeof message.fields.content === 'string') return
    for (const block of blocksOf(message, 'tool_result')) {
      block.expect('tool_use_id')
      const id = block.text('tool_use_id')
      if (id === null || time === null) continue
      const use = this.#uses.get(id)
      if (use && time < use.start) block.note('it', 'ends a call before it begins: the call counts as 0 s')
      this.#ends.set(id, time)
    }
  }
}

function blocksOf(message: FieldReader, type: string): FieldReader[] {
  return message.list('content').filter((block) => {
    block.expect('type')
    return block.text('type') === type
  })
}
