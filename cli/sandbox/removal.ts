// Removes folders that a container wrote to.

import { rmSync } from 'node:fs'
import { findProgram } from '../powers/host.ts'

/** Throws the file system's error if even Podman could not. */
export function removeTree(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    if (!removeAsContainersRoot(folder, error)) throw error
  }
}

/** Files of subordinate uids, such as a runtime's mount points, can be removed inside the user's namespace alone. */
function removeAsContainersRoot(folder: string, refusal: unknown): boolean {
  const { code } = refusal as NodeJS.ErrnoException
  const podman = findProgram('podman')
  if ((code !== 'EACCES' && code !== 'EPERM') || podman === null) return false
  return Bun.spawnSync([podman, 'unshare', 'rm', '-rf', folder]).exitCode === 0
}
