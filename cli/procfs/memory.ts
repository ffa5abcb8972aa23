// What a process holds: /proc/PID/status, proc_pid_status(5).

import { readProcessFile } from './stat.ts'

/** In bytes. */
export interface ProcessMemory {
  /** VmRSS. */
  readonly resident: number
  /** VmHWM: the most that was resident since its last exec. */
  readonly highest: number
  /** RssAnon and RssShmem: what of it is in no file. */
  readonly unfiled: number
}

/** null if it is gone or a zombie. */
export function memoryOf(pid: number): ProcessMemory | null {
  const status = readProcessFile(pid, 'status') ?? ''
  const bytes = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  }
  const resident = bytes('VmRSS')
  if (resident === null) return null
  return {
    resident,
    highest: bytes('VmHWM') ?? resident,
    unfiled: (bytes('RssAnon') ?? 0) + (bytes('RssShmem') ?? 0),
  }
}
