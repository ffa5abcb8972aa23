// Watches a container's execs by seccomp user notification.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listenUnix } from '../../../ffi/mod.ts'
import type { Watcher, WatchListener } from '../watcher.ts'
import { Notifications } from './notifications.ts'
import { SECCOMP_PROFILE_FILE, watchedProfileText } from './profile.ts'

export class SeccompWatcher implements Watcher {
  readonly power = 'seccomp'
  readonly seccompProfile: string
  readonly #socketPath: string
  #notifications: Notifications | null = null

  /** Puts the profile into `folder`. Throws AcgError if there is no profile to build on. */
  constructor(
    folder: string,
    private readonly runStartNs: number,
    private readonly listener: WatchListener,
  ) {
    this.#socketPath = join(folder, 'seccomp.sock')
    this.seccompProfile = join(folder, SECCOMP_PROFILE_FILE)
    writeFileSync(this.seccompProfile, watchedProfileText(this.#socketPath))
  }

  /** Podman takes far longer to come to the socket than it takes to be made. */
  start(): void {
    try {
      const socket = listenUnix(this.#socketPath)
      this.#notifications = new Notifications(socket, this.runStartNs, this.listener)
    } catch (error) {
      this.listener.failed(error as Error)
    }
  }

  /** Nothing to do: whom the filter asks about is decided by the filter. */
  follow(): void {}

  stop(): void {
    this.#notifications?.[Symbol.dispose]()
    this.#notifications = null
  }
}
