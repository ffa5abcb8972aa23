// The system calls that are watched, per architecture that a container's filter can let in.
//
// Numbers: arch/*/entry/syscalls tables of Linux. `arch` is AUDIT_ARCH_* of linux/audit.h.

export type WatchedCall = 'execve' | 'execveat' | 'setsid'

interface CallTable {
  readonly pointerBytes: 4 | 8
  readonly calls: Readonly<Record<number, WatchedCall>>
}

const X32_BIT = 0x40000000

const TABLES: Readonly<Record<number, CallTable>> = {
  // x86-64, and x32 by its bit
  3221225534: {
    pointerBytes: 8,
    calls: {
      59: 'execve',
      322: 'execveat',
      112: 'setsid',
      [X32_BIT + 520]: 'execve',
      [X32_BIT + 545]: 'execveat',
      [X32_BIT + 112]: 'setsid',
    },
  },
  // i386
  1073741827: { pointerBytes: 4, calls: { 11: 'execve', 358: 'execveat', 66: 'setsid' } },
  // arm64
  3221225655: { pointerBytes: 8, calls: { 221: 'execve', 281: 'execveat', 157: 'setsid' } },
  // 32-bit arm
  1073741864: { pointerBytes: 4, calls: { 11: 'execve', 387: 'execveat', 66: 'setsid' } },
}

/** Which watched call a notification is, and the size of the caller's pointers; null if none of ours. */
export function watchedCall(arch: number, number: number): { call: WatchedCall; pointerBytes: 4 | 8 } | null {
  const table = TABLES[arch]
  const call = table?.calls[number]
  if (!table || !call) return null
  const isX32 = arch === 0xc000003e && (number & X32_BIT) !== 0
  return { call, pointerBytes: isX32 ? 4 : table.pointerBytes }
}
