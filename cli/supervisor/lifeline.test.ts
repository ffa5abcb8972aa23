// The other end of the socket is a shell that speaks for init; it has the socket on descriptor 3, as init does.

import { describe, expect, test } from 'bun:test'
import { Lifeline } from './lifeline.ts'

interface Scene {
  readonly lifeline: Lifeline
  readonly heard: string[]
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  /** What the shell printed; resolves once it has ended. */
  readonly printed: Promise<string>
}

async function talk(script: string, listensAfterMs = 0): Promise<Scene> {
  const child = Bun.spawn(['bash', '-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] })
  await Bun.sleep(listensAfterMs)
  const heard: string[] = []
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const lifeline = await Lifeline.over(child.stdio[3] as unknown as number, {
    ready: () => {
      heard.push('ready')
      ready.resolve()
    },
    started: () => heard.push('started'),
    ended: ({ exitCode, signal }) => {
      heard.push(`ended ${exitCode} ${signal}`)
      ended.resolve()
    },
  })
  const printed = new Response(child.stdout).text()
  return { lifeline, heard, ready: ready.promise, ended: ended.promise, printed }
}

describe('Lifeline', () => {
  test('tells what init says, in order', async () => {
    const { lifeline, heard, ready, ended } = await talk(
      `printf 'ready\\n' >&3; read -r line <&3; printf 'started 7\\nfailed 2\\nexited 127\\n' >&3`,
    )
    await ready
    lifeline.go()
    await ended
    expect(heard).toEqual(['ready', 'started', 'ended 127 null'])
  })

  test('puts together a line that comes in pieces, and tells a signal from a code', async () => {
    const { heard, ended } = await talk(`printf 'kil' >&3; sleep 0.05; printf 'led 9\\n' >&3`)
    await ended
    expect(heard).toEqual(['ended null 9'])
  })

  test('does not lose what init said before anybody listened: acg would wait for ever', async () => {
    const { lifeline, ready, printed } = await talk(`printf 'ready\\n' >&3; read -r a <&3; echo "$a"`, 50)
    await ready
    lifeline.go()
    expect(await printed).toBe('go\n')
  })

  test('go() and signal() are the lines that init reads', async () => {
    const { lifeline, printed } = await talk(`read -r a <&3; read -r b <&3; echo "$a, $b"`)
    lifeline.go()
    lifeline.signal(15)
    expect(await printed).toBe('go, signal 15\n')
  })

  test('close() is the end of the container: init reads the end of its socket', async () => {
    const { lifeline, printed } = await talk(`read -r line <&3 || echo ended`)
    lifeline.close()
    expect(await printed).toBe('ended\n')
  })
})
