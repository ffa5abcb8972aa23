// acg's own small C programs, carried inside the binary and put where the kernel can execute them.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import foregroundFile from '../../dist/native/foreground' with { type: 'file' }
import initFile from '../../dist/native/init' with { type: 'file' }
import { programsFolder } from '../places.ts'

const EMBEDDED = { init: initFile, foreground: foregroundFile } as const

/** The path of the program, with the content that this acg carries, whoever wrote there before. */
export function installProgram(name: keyof typeof EMBEDDED): string {
  const wanted = readFileSync(EMBEDDED[name])
  const folder = programsFolder()
  const path = join(folder, name)
  if (existsSync(path) && readFileSync(path).equals(wanted)) return path
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, wanted)
  chmodSync(partial, 0o755)
  renameSync(partial, path)
  return path
}
