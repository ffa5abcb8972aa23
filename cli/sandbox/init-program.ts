// The container's PID 1 (native/init.c), carried inside the binary and put where the kernel can execute it.

import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import embedded from '../../dist/native/init' with { type: 'file' }
import { isCompiled } from '../own-program.ts'
import { programsFolder } from '../places.ts'

/** The program's path. Inside the binary its name bears a hash of its content, so a file of that name is the one. */
export function installInit(): string {
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
