// The terminal, if acg has one, is lent to Podman's process group while it runs (native/foreground.c).

import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { foregroundGroup, ignoreSignal, ownGroup, setForegroundGroup } from '../../ffi/mod.ts'

export class Terminal {
  private constructor(private readonly fd: number) {
    // acg is in the background while Podman has the terminal, and must take it back all the same.
    ignoreSignal(constants.signals.SIGTTOU)
  }

  /** The controlling terminal, or null if there is none. */
  static open(): Terminal | null {
    try {
      return new Terminal(openSync('/dev/tty', 'r+'))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENXIO' || code === 'ENOENT' || code === 'EACCES') return null
      throw error
    }
  }

  /** After `fg`: the shell gave the terminal to acg, but it is Podman that uses it. */
  lendTo(group: number): void {
    if (foregroundGroup(this.fd) !== ownGroup()) return
    setForegroundGroup(this.fd, group)
    process.kill(-group, 'SIGCONT')
  }

  takeBackFrom(group: number): void {
    if (foregroundGroup(this.fd) === group) setForegroundGroup(this.fd, ownGroup())
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}
