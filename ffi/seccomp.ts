// Seccomp user notifications: linux/seccomp.h, SECCOMP_IOCTL_NOTIF_*.
//
// struct seccomp_notif (80 bytes):       u64 id @0 · u32 pid @8 · u32 flags @12 ·
//   struct seccomp_data @16:             i32 nr @16 · u32 arch @20 · u64 ip @24 · u64 args[6] @32
// struct seccomp_notif_resp (24 bytes):  u64 id @0 · i64 val @8 · i32 error @16 · u32 flags @20

import { Errno, ioctl, SystemError } from './libc.ts'

const RECV = 0xc0502100
const SEND = 0xc0182101
const ID_VALID = 0x40082102
const FLAG_CONTINUE = 1

/** A system call that waits for an answer. `pid` is the calling thread, in the reader's pid namespace. */
export interface SeccompNotification {
  readonly id: bigint
  readonly pid: number
  readonly syscall: number
  readonly arch: number
  readonly args: readonly [bigint, bigint, bigint, bigint, bigint]
}

/** The listener of a container's seccomp filter. */
export class SeccompListener {
  readonly #request = Buffer.alloc(80)
  readonly #response = Buffer.alloc(24)
  readonly #id = Buffer.alloc(8)

  constructor(readonly fd: number) {}

  /** The next waiting call; null if its caller was killed or interrupted meanwhile. Throws SystemError. */
  receive(): SeccompNotification | null {
    const request = this.#request.fill(0)
    try {
      ioctl(this.fd, RECV, request)
    } catch (error) {
      if (error instanceof SystemError && (error.errno === Errno.ENOENT || error.errno === Errno.EINTR))
        return null
      throw error
    }
    const argument = (at: number) => request.readBigUInt64LE(32 + at * 8)
    return {
      id: request.readBigUInt64LE(0),
      pid: request.readUInt32LE(8),
      syscall: request.readInt32LE(16),
      arch: request.readUInt32LE(20),
      args: [argument(0), argument(1), argument(2), argument(3), argument(4)],
    }
  }

  /** Whether the call still waits, that is, whether what was read about `pid` was about its caller. */
  isWaiting(id: bigint): boolean {
    this.#id.writeBigUInt64LE(id)
    return this.#succeeds(ID_VALID, this.#id)
  }

  /** Lets the call go on as if it had not been watched; false if it no longer waits. */
  letGo(id: bigint): boolean {
    this.#response.fill(0)
    this.#response.writeBigUInt64LE(id, 0)
    this.#response.writeUInt32LE(FLAG_CONTINUE, 20)
    return this.#succeeds(SEND, this.#response)
  }

  #succeeds(request: number, buffer: Buffer): boolean {
    try {
      ioctl(this.fd, request, buffer)
      return true
    } catch (error) {
      if (error instanceof SystemError && error.errno === Errno.ENOENT) return false
      throw error
    }
  }
}
