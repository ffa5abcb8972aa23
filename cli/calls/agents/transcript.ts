// Claude Code's own record of its calls: one JSON object a line, the session's and each sub-agent's in a file of
// its own. It knows what no process shows (Read, Edit, WebFetch, sub-agents) and what the model was told. Its
// times are the agent's: a start is when the model's words arrived, an end when the result was noted.

export interface TranscriptCall {
  readonly id: string
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
  readonly start_epoch_ms: number
  readonly end_epoch_ms: number | null
  /** When the agent was told that what it had moved to the background has ended. */
  readonly background_end_epoch_ms: number | null
  /** What it is about in a few words: a path, an address, a description. */
  readonly summary: string
  /** What the model was given back. */
  readonly output: string
}

/** Tools that carry out their work with processes. */
const TOOLS_WITH_PROCESS: ReadonlySet<string> = new Set(['Bash', 'Monitor', 'PowerShell'])

/** The field of a tool's input that says what the call is about. The first that is there counts. */
const TELLING_FIELDS = [
  'file_path',
  'notebook_path',
  'url',
  'query',
  'description',
  'skill',
  'pattern',
  'command',
] as const

type Line = {
  type?: string
  timestamp?: string
  operation?: string
  content?: unknown
  message?: { content?: unknown }
}
type Block = {
  type?: string
  id?: string
  name?: string
  input?: unknown
  tool_use_id?: string
  content?: unknown
}
type Open = { -readonly [Field in keyof TranscriptCall]: TranscriptCall[Field] }

/** All calls of a transcript in order of start. A line that is no JSON, such as a torn last one, is skipped. */
export function transcriptCalls(text: string): TranscriptCall[] {
  const calls = new Map<string, Open>()
  for (const line of text.split('\n')) {
    const entry = parsed(line)
    const time = Date.parse(entry?.timestamp ?? '')
    if (!entry || Number.isNaN(time)) continue
    if (entry.type === 'assistant') for (const block of blocks(entry)) begin(calls, block, time)
    if (entry.type === 'user') for (const block of blocks(entry)) end(calls, block, time)
    if (entry.type === 'queue-operation' && entry.operation === 'enqueue') endInBackground(calls, entry, time)
  }
  return [...calls.values()].sort((one, other) => one.start_epoch_ms - other.start_epoch_ms)
}

/** The calls that no process shows, in order of start. */
export function callsWithoutProcess(text: string): TranscriptCall[] {
  return transcriptCalls(text).filter((call) => !TOOLS_WITH_PROCESS.has(call.tool))
}

function parsed(line: string): Line | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as Line
  } catch {
    return null
  }
}

function blocks(line: Line): Block[] {
  const content = line.message?.content
  return Array.isArray(content) ? (content as Block[]) : []
}

function begin(calls: Map<string, Open>, block: Block, time: number): void {
  if (block.type !== 'tool_use' || !block.id || !block.name || calls.has(block.id)) return
  const input = (block.input ?? {}) as Record<string, unknown>
  calls.set(block.id, {
    id: block.id,
    tool: block.name,
    input,
    start_epoch_ms: time,
    end_epoch_ms: null,
    background_end_epoch_ms: null,
    summary: summaryOf(input),
    output: '',
  })
}

function end(calls: Map<string, Open>, block: Block, time: number): void {
  const call = block.type === 'tool_result' ? calls.get(block.tool_use_id ?? '') : undefined
  if (!call || call.end_epoch_ms !== null) return
  call.end_epoch_ms = time
  call.output = textOf(block.content)
}

function endInBackground(calls: Map<string, Open>, line: Line, time: number): void {
  const id = /<tool-use-id>([^<]+)<\/tool-use-id>/.exec(String(line.content))?.[1]
  const call = calls.get(id ?? '')
  if (call) call.background_end_epoch_ms ??= time
}

function summaryOf(input: Readonly<Record<string, unknown>>): string {
  const field = TELLING_FIELDS.find((name) => typeof input[name] === 'string')
  return field ? String(input[field]) : ''
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((block: { text?: unknown }) => (typeof block.text === 'string' ? block.text : ''))
    .join('\n')
}
