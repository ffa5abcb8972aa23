// The links of /proc/PID: folders and open files.

import { readlinkSync } from 'node:fs'
import { isGone } from './stat.ts'

/** Where a link leads; null if the process is gone or must not be looked into. */
export function readProcessLink(pid: number, name: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/${name}`)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/** The inode number of a pipe that a link of fd/ leads to; null for anything else. */
export function pipeInode(target: string | null): number | null {
  const inode = /^pipe:\[(\d+)\]$/.exec(target ?? '')
  return inode ? Number(inode[1]) : null
}
