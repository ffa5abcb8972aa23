// What acg says to the model: a line on a call's own standard error, where the agent reads its output. The
// descriptor is a duplicate of the one that the call's root has when it begins, so it reaches the agent
// when the root has been killed; it never blocks, and it is no path that the call could have changed.

import { closeSync, writeSync } from 'node:fs'
import { canWrite, duplicateFrom, openPidfd, SystemError } from '../../ffi/mod.ts'

const STDERR = 2

export class CallVoice implements Disposable {
  private constructor(private readonly fd: number | null) {}

  /** Of the call whose root the process is. Without a standard error, or a right to it, nothing will be said. */
  static of(pid: number): CallVoice {
    try {
      const pidfd = openPidfd(pid)
      try {
        return new CallVoice(duplicateFrom(pidfd, STDERR))
      } finally {
        closeSync(pidfd)
      }
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      return new CallVoice(null)
    }
  }

  /** On a descriptor that is taken over; on none nothing will be said. */
  static on(fd: number | null): CallVoice {
    return new CallVoice(fd)
  }

  /** Whether it was taken: a full pipe, or one that nobody reads, is not waited for. */
  say(text: string): boolean {
    if (this.fd === null || !canWrite(this.fd)) return false
    try {
      return writeSync(this.fd, text) > 0
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE' || code === 'EAGAIN' || code === 'EIO') return false
      throw error
    }
  }

  [Symbol.dispose](): void {
    if (this.fd !== null) closeSync(this.fd)
  }
}
