// The file that an execve() which waits is about to run. A shell tries one folder of PATH after another, and each
// try is a notification; only the one that finds a file is an exec.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { openInRoot, SystemError } from '../../../ffi/mod.ts'
import { SHEBANG_BYTES, shebangInterpreter } from '../../procfs/shebang.ts'

export interface Executable {
  /** What its first line says to run it with; null if it is no script, or must not be read. */
  readonly interpreter: string | null
}

/** `file` as the process `pid` resolves it, in its own root and from its own folder; null if it cannot be run. */
export function findExecutable(pid: number, file: string): Executable | null {
  const inside = file.startsWith('/') ? 'root' : 'cwd'
  const folder = openSync(`/proc/${pid}/${inside}`, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    const found = openInRoot(folder, file, inside === 'root')
    try {
      const { mode } = fstatSync(found)
      const isFile = (mode & constants.S_IFMT) === constants.S_IFREG
      return isFile && (mode & 0o111) !== 0 ? { interpreter: readInterpreter(found) } : null
    } finally {
      closeSync(found)
    }
  } catch (error) {
    if (error instanceof SystemError) return null
    throw error
  } finally {
    closeSync(folder)
  }
}

/** `found` is an O_PATH descriptor of a regular file: to read another kind could block. */
function readInterpreter(found: number): string | null {
  let fd: number
  try {
    fd = openSync(`/proc/self/fd/${found}`, 'r')
  } catch (error) {
    // Executable, but not readable.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return null
    throw error
  }
  const head = Buffer.alloc(SHEBANG_BYTES)
  const length = readSync(fd, head, 0, head.length, 0)
  closeSync(fd)
  return shebangInterpreter(head.subarray(0, length))
}
