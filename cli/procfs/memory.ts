// What a process holds: /proc/PID/status, proc_pid_status(5).

import { readProcessFile } from './stat.ts'

export interface ProcessMemory {
  /** VmRSS. */
  readonly residentBytes: number
  /** VmHWM: the most that was resident since its last exec. */
  readonly highestBytes: number
  /** RssAnon and RssShmem: what of it is anonymous, shared or not, or in a file of a tmpfs. */
  readonly anonymousBytes: number
}

/** null if it is gone or a zombie. */
export function memoryOf(pid: number): ProcessMemory | null {
  const status = readProcessFile(pid, 'status') ?? ''
  const bytes = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  }
  const residentBytes = bytes('VmRSS')
  if (residentBytes === null) return null
  return {
    residentBytes,
    highestBytes: bytes('VmHWM') ?? residentBytes,
    anonymousBytes: (bytes('RssAnon') ?? 0) + (bytes('RssShmem') ?? 0),
  }
}
