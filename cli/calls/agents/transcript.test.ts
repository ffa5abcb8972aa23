import { describe, expect, test } from 'bun:test'
import { callsWithoutProcess, transcriptCalls } from './transcript.ts'

const at = (second: number) => new Date(1_790_000_000_000 + second * 1000).toISOString()
const ms = (second: number) => 1_790_000_000_000 + second * 1000
const use = (second: number, id: string, name: string, input: object) =>
  JSON.stringify({
    type: 'assistant',
    timestamp: at(second),
    message: {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Now.' },
        { type: 'tool_use', id, name, input },
      ],
    },
  })
const result = (second: number, tool_use_id: string, content: unknown) =>
  JSON.stringify({
    type: 'user',
    timestamp: at(second),
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id, content }] },
  })

const TRANSCRIPT = [
  JSON.stringify({ type: 'user', timestamp: at(0), message: { role: 'user', content: 'fix issue' } }),
  use(1, 'read', 'Read', { file_path: '/project/a.ts' }),
  result(2, 'read', '1\tconst a = 1'),
  use(3, 'agent', 'Agent', { description: 'look around', prompt: 'Look around.' }),
  use(3.5, 'fetch', 'WebFetch', { url: 'https://example.org/', prompt: 'What is it?' }),
  result(4, 'fetch', [{ type: 'text', text: 'An example.' }]),
  result(6, 'agent', [
    { type: 'text', text: 'Looked.' },
    { type: 'text', text: 'Around.' },
  ]),
  use(7, 'bash', 'Bash', { command: 'sleep 3', run_in_background: true }),
  result(7.2, 'bash', 'running'),
  JSON.stringify({
    type: 'queue-operation',
    operation: 'enqueue',
    timestamp: at(10),
    content: '<task-notification>\n<tool-use-id>bash</tool-use-id>\n</task-notification>',
  }),
  use(11, 'open', 'Edit', { file_path: '/project/a.ts', old_string: 'a', new_string: 'b' }),
]

describe('transcriptCalls()', () => {
  test('gives each call with its times, what it is about and what came of it', () => {
    const calls = transcriptCalls(TRANSCRIPT.join('\n'))
    expect(
      calls.map(({ id, tool, start_epoch_ms, end_epoch_ms, summary, output }) => [
        id,
        tool,
        start_epoch_ms,
        end_epoch_ms,
        summary,
        output,
      ]),
    ).toEqual([
      ['read', 'Read', ms(1), ms(2), '/project/a.ts', '1\tconst a = 1'],
      ['agent', 'Agent', ms(3), ms(6), 'look around', 'Looked.\nAround.'],
      ['fetch', 'WebFetch', ms(3.5), ms(4), 'https://example.org/', 'An example.'],
      ['bash', 'Bash', ms(7), ms(7.2), 'sleep 3', 'running'],
      ['open', 'Edit', ms(11), null, '/project/a.ts', ''],
    ])
  })

  test('knows when a call that was moved to the background has ended', () => {
    const bash = transcriptCalls(TRANSCRIPT.join('\n')).find(({ id }) => id === 'bash')
    expect(bash?.background_end_epoch_ms).toBe(ms(10))
  })

  test('takes a call once, however often a resumed session repeats it', () => {
    expect(transcriptCalls([...TRANSCRIPT, ...TRANSCRIPT].join('\n'))).toHaveLength(5)
  })

  test('skips what is no entry, such as a last line that was cut off', () => {
    const torn = [...TRANSCRIPT, 'null', '{}', '{"type":"assistant","timest'].join('\n')
    expect(transcriptCalls(torn)).toHaveLength(5)
  })
})

test('callsWithoutProcess() leaves out what runs a shell', () => {
  expect(callsWithoutProcess(TRANSCRIPT.join('\n')).map(({ tool }) => tool)).toEqual([
    'Read',
    'Agent',
    'WebFetch',
    'Edit',
  ])
})
