// What a pidfd tells about a process that has ended: linux/pidfd.h, PIDFD_GET_INFO with PIDFD_INFO_EXIT.
// The exit status is there from Linux 6.15 on, and only once the parent has reaped the process.
//
// struct pidfd_info, version 0 (64 bytes): u64 mask @0 … i32 exit_code @60

import { Errno, ioctl, SystemError } from './libc.ts'

const GET_INFO = 0xc040ff0b
const INFO_EXIT = 1n << 3n

/** The wait status of an ended and reaped process; null where the kernel does not tell. Throws SystemError. */
export function exitStatus(pidfd: number): number | null {
  const info = Buffer.alloc(64)
  info.writeBigUInt64LE(INFO_EXIT)
  try {
    ioctl(pidfd, GET_INFO, info)
  } catch (error) {
    const unknown: number[] = [Errno.ENOTTY, Errno.EINVAL, Errno.ESRCH]
    if (error instanceof SystemError && unknown.includes(error.errno)) return null
    throw error
  }
  return info.readBigUInt64LE(0) & INFO_EXIT ? info.readInt32LE(60) : null
}
