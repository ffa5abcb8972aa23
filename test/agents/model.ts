// A model that plays a script: just enough of the Messages API for a real agent to run against, on loopback.
//
// It keeps no state. Which part is spoken is told by a cue in the conversation's opening (what precedes the first answer), and which
// turn comes next by the ids of the tool calls that the conversation already holds; so retries, parallel
// sub-agents and the agent's own side requests (titles, topics) cannot advance a part they do not belong to.
// What the turns do is a scenario's business.

export type ToolUse = { readonly name: string; readonly input: Readonly<Record<string, unknown>> }
export type Turn = { readonly say?: string; readonly tools: readonly ToolUse[]; readonly thinkMs?: number }
export type Part = { readonly cue: string; readonly turns: readonly Turn[]; readonly closing: string }

/** The parts of one run. A cue is letters, digits and dashes, and no cue is contained in another. */
export type Script = { readonly parts: readonly Part[]; readonly thinkMs?: number }

export type Request = { method: string; path: string; model: string; spoke: string; stream: boolean }
export type Model = { readonly port: number; readonly requests: readonly Request[]; stop(): Promise<void> }

type Block = { type: string; text?: string; id?: string; name?: string; input?: unknown }
type Message = { role: string; content: string | Block[] }
type MessagesRequest = { model?: string; stream?: boolean; messages?: Message[]; tools?: { name: string }[] }
type Reply = { spoke: string; thinkMs: number; content: Block[]; stop: 'tool_use' | 'end_turn' }

const ID = /^toolu_([A-Za-z0-9-]+)_(\d+)_(\d+)$/

export function toolUseId(cue: string, turn: number, position: number): string {
  return `toolu_${cue}_${turn}_${position}`
}

/** The turn and position a tool call of this model came from, or null for an id of another origin. */
export function parseToolUseId(id: string): { cue: string; turn: number; position: number } | null {
  const found = ID.exec(id)
  return found ? { cue: found[1]!, turn: Number(found[2]), position: Number(found[3]) } : null
}

/** What the script says next in the conversation of `request`. */
export function reply(script: Script, request: MessagesRequest): Reply {
  const part = partOf(script, request)
  if (!part) return { spoke: 'aside', thinkMs: 0, content: [{ type: 'text', text: 'ok' }], stop: 'end_turn' }
  const index = turnsTaken(part, request) + 1
  const turn = part.turns[index]
  const thinkMs = turn?.thinkMs ?? script.thinkMs ?? 0
  const spoke = `${part.cue}:${turn ? index : 'closing'}`
  if (!turn) return { spoke, thinkMs, content: [{ type: 'text', text: part.closing }], stop: 'end_turn' }
  const content: Block[] = turn.say ? [{ type: 'text', text: turn.say }] : []
  for (const [position, tool] of turn.tools.entries()) {
    content.push({ type: 'tool_use', id: toolUseId(part.cue, index, position), ...tool })
  }
  return { spoke, thinkMs, content, stop: turn.tools.length > 0 ? 'tool_use' : 'end_turn' }
}

function partOf(script: Script, { messages, tools }: MessagesRequest): Part | undefined {
  if (!tools?.some((tool) => tool.name === 'Bash')) return undefined
  const answered = messages?.findIndex((message) => message.role === 'assistant') ?? -1
  const opening = (messages ?? []).slice(0, answered === -1 ? undefined : answered)
  const text = opening
    .flatMap(blocks)
    .map((block) => block.text ?? '')
    .join('\n')
  return script.parts.find((part) => text.includes(part.cue))
}

function turnsTaken(part: Part, { messages }: MessagesRequest): number {
  let last = -1
  for (const block of (messages ?? []).flatMap(blocks)) {
    const came = block.type === 'tool_use' ? parseToolUseId(block.id ?? '') : null
    if (came?.cue === part.cue) last = Math.max(last, came.turn)
  }
  return last
}

function blocks(message: Message): Block[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
}

/** Serves `script` on a free port of 127.0.0.1 (or on `port`) until stopped. */
export function startModel(script: Script, port = 0): Model {
  const requests: Request[] = []
  let serial = 0
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port,
    idleTimeout: 0,
    async fetch(http) {
      const { pathname: path } = new URL(http.url)
      const log = { method: http.method, path, model: '', spoke: '', stream: false }
      requests.push(log)
      if (http.method === 'POST' && path === '/v1/messages/count_tokens')
        return Response.json({ input_tokens: 100 })
      if (http.method !== 'POST' || path !== '/v1/messages') return new Response(null, { status: 200 })
      const request = (await http.json()) as MessagesRequest
      const said = reply(script, request)
      Object.assign(log, { model: request.model ?? '', spoke: said.spoke, stream: request.stream === true })
      await Bun.sleep(said.thinkMs)
      serial += 1
      const id = `msg_${String(serial).padStart(6, '0')}`
      const message = whole(id, request.model ?? 'scripted', said)
      if (!request.stream) return Response.json(message)
      return new Response(events(message), { headers: { 'content-type': 'text/event-stream' } })
    },
  })
  return { port: server.port!, requests, stop: () => server.stop(true) }
}

type Whole = ReturnType<typeof whole>

function whole(id: string, model: string, { content, stop }: Reply) {
  const usage = { input_tokens: 100, output_tokens: 20 }
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage,
  }
}

function events(message: Whole): string {
  const { content, stop_reason, usage } = message
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } }
  const sent: { type: string; [key: string]: unknown }[] = [{ type: 'message_start', message: start }]
  for (const [index, block] of content.entries()) {
    const text = block.type === 'text'
    const empty = text ? { type: 'text', text: '' } : { ...block, input: {} }
    const delta = text
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
    sent.push({ type: 'content_block_start', index, content_block: empty })
    sent.push({ type: 'content_block_delta', index, delta })
    sent.push({ type: 'content_block_stop', index })
  }
  sent.push({
    type: 'message_delta',
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 20 },
  })
  sent.push({ type: 'message_stop' })
  return sent.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}
