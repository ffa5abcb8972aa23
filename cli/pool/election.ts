// Which of the runs leads: the one that holds the lock. It is free again when its process has ended, however it ended.

import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { tryLock } from '../../ffi/mod.ts'

export class Leadership implements Disposable {
  private constructor(private readonly fd: number) {}

  /** null where another run leads. Throws the file system's error. */
  static seize(folder: string): Leadership | null {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const fd = openSync(join(folder, 'lock'), 'w', 0o600)
    if (tryLock(fd)) return new Leadership(fd)
    closeSync(fd)
    return null
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}
