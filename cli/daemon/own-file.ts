// Whether the program that this process runs can be changed by others than root. One that has capabilities must not
// be: who writes it would have them.

import { lstatSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'

const WRITABLE_BY_OTHERS = 0o022
const STICKY = 0o1000

/** The file or folder on its way that somebody else can replace; null if there is none. */
export function replaceableByOthers(program: string): string | null {
  const file = realpathSync(program)
  for (let path = file; ; path = dirname(path)) {
    const { uid, mode } = lstatSync(path)
    const isProtected = path !== file && (mode & STICKY) !== 0
    if (uid !== 0 || ((mode & WRITABLE_BY_OTHERS) !== 0 && !isProtected)) return path
    if (path === dirname(path)) return null
  }
}
