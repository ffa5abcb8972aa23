// Whether an execve() that waits will find its file. A shell tries one folder of PATH after another, and each
// try is a notification; only the one that succeeds is an exec.

import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { openInRoot, SystemError } from '../../../ffi/mod.ts'

/** `file` as the process `pid` would resolve it, in its own root and from its own folder. */
export function isExecutable(pid: number, file: string): boolean {
  const inside = file.startsWith('/') ? 'root' : 'cwd'
  const folder = openSync(`/proc/${pid}/${inside}`, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    const found = openInRoot(folder, file, inside === 'root')
    const { mode } = fstatSync(found)
    closeSync(found)
    return (mode & constants.S_IFMT) === constants.S_IFREG && (mode & 0o111) !== 0
  } catch (error) {
    if (error instanceof SystemError) return false
    throw error
  } finally {
    closeSync(folder)
  }
}
