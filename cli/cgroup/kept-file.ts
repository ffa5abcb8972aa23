// A file of a cgroup that is read again and again: its descriptor stays open, since to open it costs several times as
// much as to read it.

import { closeSync, openSync, readSync } from 'node:fs'
import { isCgroupGone } from './gone.ts'

/** More than the longest of them, memory.stat; one for all, since nothing is read at the same time. */
const BUFFER = Buffer.alloc(16 << 10)

export class KeptFile implements Disposable {
  private constructor(private readonly fd: number) {}

  /** Throws the file system's error. */
  static open(path: string): KeptFile {
    return new KeptFile(openSync(path, 'r'))
  }

  /** null where there is none, as before the Linux that brought it, or once the cgroup has been removed. */
  static openIfThere(path: string): KeptFile | null {
    try {
      return KeptFile.open(path)
    } catch (error) {
      if (isCgroupGone(error)) return null
      throw error
    }
  }

  /** What it says now. Throws ENODEV once the cgroup has been removed. */
  text(): string {
    return BUFFER.toString('latin1', 0, readSync(this.fd, BUFFER, 0, BUFFER.length, 0))
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}
