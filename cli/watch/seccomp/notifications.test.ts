import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { listenUnix } from '../../../ffi/mod.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { Notifications } from './notifications.ts'

const folder = temporaryFolder()
const SILENT_MS = 1000

test('a runtime that has connected and says nothing yet keeps nothing else waiting, as crun does until the start', async () => {
  const path = join(folder, 'seccomp.sock')
  const failed: Error[] = []
  const notifications = new Notifications(listenUnix(path), 0, {
    attached: () => {},
    events: () => {},
    failed: (error) => failed.push(error),
  })
  const runtime = Bun.spawn(
    [
      'python3',
      '-c',
      `import socket, time; s = socket.socket(socket.AF_UNIX); s.connect("${path}"); time.sleep(1)`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  let longestMs = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last)
    last = performance.now()
  }, 10)
  expect(await runtime.exited).toBe(0)
  clearInterval(beat)
  expect(longestMs).toBeLessThan(SILENT_MS * 0.7)
  await Bun.sleep(20)
  expect(failed).toEqual([])
  notifications[Symbol.dispose]()
})
