// A folder for one test file's own, gone when its tests are done.

import { afterAll } from 'bun:test'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** To be called by a test file's top level, or by its tests. The path has no link in it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'acg-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
