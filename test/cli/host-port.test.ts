// --host-port opens one loopback port of the host, and no other. If this failed, an agent could not reach its local
// model, or could reach what else listens there.

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { Bench, PATIENCE_MS } from './runners.ts'

setDefaultTimeout(5 * PATIENCE_MS)

let bench: Bench
let echo: Server
let other: Server
beforeAll(async () => {
  bench = await Bench.make()
  cpSync(join(import.meta.dir, 'ask-host.py'), join(bench.project, 'ask-host.py'))
  echo = await listen()
  other = await listen()
})
afterAll(async () => {
  echo.close()
  other.close()
  expect(await bench.end()).toEqual([])
})

/** A server that gives back what it gets, no faster than it is read. */
async function listen(): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port
}

/** What the agent said of `port`, while `open` are those that it was given. */
async function ask(open: readonly number[], act: string, port: number, ...rest: string[]): Promise<string> {
  const flags = open.flatMap((each) => ['--host-port', `${each}`])
  const agent = ['/usr/bin/python3', 'ask-host.py', act, `${port}`, ...rest]
  const { stdout, exitCode, stderr, run } = await bench.run(flags, agent)
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
  expect(run.host_ports).toEqual([...open])
  return stdout
}

test('a server on the host’s loopback is at the same port inside', async () => {
  expect(await ask([portOf(echo)], 'echo', portOf(echo), '5')).toBe('True\n')
})

test('no other port of the host’s loopback is', async () => {
  expect(await ask([portOf(echo)], 'nobody', portOf(other))).toBe('refused\n')
  expect(await ask([], 'nobody', portOf(other))).toBe('refused\n')
})

test('several ports may be opened', async () => {
  const open = [portOf(echo), portOf(other)]
  expect(await ask(open, 'echo', portOf(other), '5')).toBe('True\n')
})

test('many connections may be open at once', async () => {
  expect(await ask([portOf(echo)], 'at-once', portOf(echo), '40')).toBe('40\n')
})

test('much may go both ways at once', async () => {
  expect(await ask([portOf(echo)], 'echo', portOf(echo), '40000000')).toBe('True\n')
})

test('one direction may wait while the other goes on', async () => {
  const most = Buffer.alloc(40_000_000)
  const heard = Promise.withResolvers<number>()
  const talker = createServer({ allowHalfOpen: true }, (socket) => {
    socket.pause()
    socket.write(most, () => {
      let bytes = 0
      socket.on('data', (chunk) => (bytes += chunk.length))
      socket.on('end', () => socket.end(() => heard.resolve(bytes)))
      socket.resume()
    })
  })
  await new Promise<void>((resolve) => talker.listen(0, '127.0.0.1', resolve))
  expect(await ask([portOf(talker)], 'both-talk', portOf(talker), `${most.length}`)).toBe(`${most.length}\n`)
  expect(await heard.promise).toBe(most.length)
  talker.close()
})

test('where no server is, a connection ends rather than hangs', async () => {
  const gone = await listen()
  const port = portOf(gone)
  await new Promise((resolve) => gone.close(resolve))
  const refused = Promise.withResolvers<string>()
  connect(port, '127.0.0.1').on('error', (error: NodeJS.ErrnoException) => refused.resolve(error.code ?? ''))
  expect(await refused.promise).toBe('ECONNREFUSED')
  expect(await ask([port], 'nobody', port)).toMatch(/^(closed|reset)\n$/)
})
