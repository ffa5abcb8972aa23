// acg.gen.ts is what acg.h says. Takes clang, which the build takes too, and bpftool.

import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compilePrograms } from './build.ts'
import { layoutsOf } from './layouts.ts'

const missing = ['clang', 'bpftool'].filter(
  (name) => !Bun.which(name, { PATH: `${process.env.PATH}:/usr/sbin` }),
)
if (missing.length > 0) console.log(`skipped: acg.gen.ts is not checked without ${missing.join(' and ')}`)

test.skipIf(missing.length > 0)('acg.gen.ts is what `bun run layouts` writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'acg-layouts-'))
  try {
    const object = join(folder, 'programs.bpf.o')
    compilePrograms(object)
    const fresh = join(folder, 'acg.gen.ts')
    writeFileSync(fresh, layoutsOf(object))
    expect(words(fresh)).toEqual(words(join(import.meta.dir, 'acg.gen.ts')))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** However the formatter breaks lines. */
function words(path: string): string[] {
  return readFileSync(path, 'utf8').split(/[\s,]+/)
}
