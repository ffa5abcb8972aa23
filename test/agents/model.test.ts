import { afterAll, describe, expect, test } from 'bun:test'
import { parseToolUseId, reply, type Script, startModel, toolUseId } from './model.ts'

const ls = { name: 'Bash', input: { command: 'ls' } }
const script: Script = {
  parts: [
    { cue: 'part-main', turns: [{ say: 'First.', tools: [ls, ls] }, { tools: [ls] }], closing: 'All done.' },
    { cue: 'part-sub', turns: [{ tools: [ls] }], closing: 'Sub done.' },
  ],
}
const TOOLS = [{ name: 'Bash' }, { name: 'Read' }]
const asks = (text: string) => ({ role: 'user', content: [{ type: 'text', text }] })
const used = (cue: string, turn: number) => ({
  role: 'assistant',
  content: [{ type: 'tool_use', id: toolUseId(cue, turn, 0), name: 'Bash', input: {} }],
})
const answered = { role: 'user', content: [{ type: 'tool_result', text: 'ok' }] }

describe('reply()', () => {
  test('takes the turn after the last one in the conversation', () => {
    const opening = [asks('context'), asks('Play part-main.')]
    expect(reply(script, { tools: TOOLS, messages: opening }).spoke).toBe('part-main:0')
    const later = [...opening, used('part-main', 0), answered]
    expect(reply(script, { tools: TOOLS, messages: later }).spoke).toBe('part-main:1')
    const last = [...later, used('part-main', 1), answered]
    expect(reply(script, { tools: TOOLS, messages: last })).toMatchObject({
      spoke: 'part-main:closing',
      stop: 'end_turn',
    })
  })

  test('says the same when asked the same again', () => {
    const request = { tools: TOOLS, messages: [asks('part-main')] }
    expect(reply(script, request)).toEqual(reply(script, request))
  })

  test('keeps a sub-agent, whose prompt is in the opening, apart from its parent, who sent it later', () => {
    expect(reply(script, { tools: TOOLS, messages: [asks('Play part-sub.')] }).spoke).toBe('part-sub:0')
    const parent = [asks('Play part-main.'), used('part-main', 0), asks('part-sub has ended')]
    expect(reply(script, { tools: TOOLS, messages: parent }).spoke).toBe('part-main:1')
  })

  test('does not spend a turn on a request without tools, or of another conversation', () => {
    expect(reply(script, { messages: [asks('A title for: Play part-main.')] }).spoke).toBe('aside')
    expect(reply(script, { tools: TOOLS, messages: [asks('hello')] }).spoke).toBe('aside')
  })

  test('gives each call an id that names its part, turn and place', () => {
    const { content } = reply(script, { tools: TOOLS, messages: [asks('part-main')] })
    expect(content.map(({ id }) => id)).toEqual([undefined, 'toolu_part-main_0_0', 'toolu_part-main_0_1'])
    expect(parseToolUseId('toolu_part-main_0_1')).toEqual({ cue: 'part-main', turn: 0, position: 1 })
    expect(parseToolUseId('toolu_01AbC')).toBeNull()
  })
})

describe('startModel()', () => {
  const model = startModel(script)
  afterAll(() => model.stop())
  const post = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${model.port}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const request = { model: 'some-model', tools: TOOLS, messages: [asks('part-main')] }

  test('answers whole', async () => {
    const message = (await (await post('/v1/messages?beta=true', request)).json()) as { content: unknown[] }
    expect(message).toMatchObject({ role: 'assistant', model: 'some-model', stop_reason: 'tool_use' })
    expect(message.content).toHaveLength(3)
  })

  test('answers as a stream of events', async () => {
    const response = await post('/v1/messages', { ...request, stream: true })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const events = (await response.text()).matchAll(/^data: (.*)$/gm)
    const data = [...events].map(([, json]) => JSON.parse(json!))
    expect(data[0]).toMatchObject({ type: 'message_start', message: { content: [], stop_reason: null } })
    const inputs = data.filter(({ delta }) => delta?.type === 'input_json_delta')
    expect(inputs.map(({ delta }) => JSON.parse(delta.partial_json))).toEqual([ls.input, ls.input])
    expect(data.at(-1)).toEqual({ type: 'message_stop' })
  })

  test('answers what a client asks beside messages', async () => {
    expect((await fetch(`http://127.0.0.1:${model.port}/`, { method: 'HEAD' })).status).toBe(200)
    expect(await (await post('/v1/messages/count_tokens', {})).json()).toEqual({ input_tokens: 100 })
  })
})
