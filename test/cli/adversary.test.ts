// An agent that does to its execs whatever might upset who reads them. If this failed, a program in the container could
// stop the listener, or have it read what it must not, and go on unseen.

import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ProcessKey, processKey } from '../../cli/watch/process-event.ts'
import { Workplace } from '../acg.ts'
import { PATIENCE_MS } from './runners.ts'

setDefaultTimeout(10 * PATIENCE_MS)

const place = new Workplace()
mkdirSync(place.project, { recursive: true })
afterAll(() => place[Symbol.dispose]())

/** As adversary.py ends if all went as it should. */
const AS_IT_SHOULD = 7

test('seccomp notification outlives whatever is executed, and misses nothing of it', async () => {
  cpSync(join(import.meta.dir, 'adversary.py'), join(place.project, 'adversary.py'))
  const { result, events, stdout } = await place.run(
    ['--watch', 'seccomp'],
    ['/usr/bin/python3', 'adversary.py'],
  )
  console.log(stdout.trim())
  expect(result).toMatchObject({ exit_code: AS_IT_SHOULD, ending: 'exited' })
  expect(result.watch).toEqual({ power: 'seccomp', complete: true })
  const first = events.flatMap((event) => (event.event === 'exec' ? [event.argv[0]] : []))
  for (const word of ['by a link', 'by itself', 'by a descriptor', 'without a first thread'])
    expect(first).toContain(word)
  // Each began once and ended once, and did nothing afterwards.
  const living = new Set<ProcessKey>()
  const ended = new Set<ProcessKey>()
  for (const event of events) {
    if (event.event !== 'fork' && event.event !== 'exec' && event.event !== 'exit') continue
    const key = processKey(event)
    expect(ended.has(key)).toBe(false)
    expect(living.has(key)).toBe(event.event !== 'fork')
    if (event.event === 'fork') living.add(key)
    else if (event.event === 'exit') ended.add(key)
  }
  expect(ended).toEqual(living)
})
