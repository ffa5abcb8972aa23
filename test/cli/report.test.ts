// The built program reads damaged data too: what it loads for that is loaded late, and must be in the binary.

import { expect, test } from 'bun:test'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACG, finish } from '../acg.ts'
import { makeDataSet } from '../published-data.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const place = temporaryFolder()

test('acg report reads on, and names the fault, when files are cut or have a key twice', async () => {
  makeDataSet(place)
  const folder = 'all_images_local/owner__two-2/attempt_1'
  truncateSync(join(place, folder, 'resources.json'), 5000)
  writeFileSync(join(place, folder, 'results.json'), '{"claude_time": 1, "claude_time": 2}')
  const { exitCode, stdout, stderr } = await finish([ACG, 'report', place, '--json'])
  expect(exitCode).toBe(0)
  expect(stderr).toContain(`${folder}/resources.json: is no whole JSON`)
  expect(stderr).toContain(`${folder}/results.json: an object has a key twice`)
  expect(JSON.parse(stdout)).not.toEqual([])
})
