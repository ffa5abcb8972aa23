// acg's own small C programs, carried inside the binary and put where the kernel can execute them.

import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import initFile from '../../dist/native/init' with { type: 'file' }
import sessionFile from '../../dist/native/session' with { type: 'file' }
import { isCompiled } from '../own-program.ts'
import { programsFolder } from '../places.ts'

const EMBEDDED = { init: initFile, session: sessionFile } as const

/** The program's path. Inside the binary its name bears a hash of its content, so a file of that name is the one. */
export function installProgram(name: keyof typeof EMBEDDED): string {
  const embedded = EMBEDDED[name]
  const path = join(programsFolder(), basename(embedded))
  if (isCompiled() && isWhole(path, statSync(embedded).size)) return path
  mkdirSync(programsFolder(), { recursive: true, mode: 0o700 })
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, readFileSync(embedded))
  chmodSync(partial, 0o755)
  renameSync(partial, path)
  return path
}

function isWhole(path: string, bytes: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && (found.mode & 0o111) !== 0 && found.size === bytes
}
