// Unix sockets that carry descriptors, which Bun's own do not.

import { dlopen, FFIType, ptr } from 'bun:ffi'
import { closeSync } from 'node:fs'
import { checked, Errno, lastErrno, SystemError } from './libc.ts'

const { i32, u32, i64, pointer } = FFIType

const { symbols: c } = dlopen('libc.so.6', {
  // int socket(int domain, int type, int protocol)
  socket: { args: [i32, i32, i32], returns: i32 },
  // int bind(int fd, const struct sockaddr *address, socklen_t length)
  bind: { args: [i32, pointer, u32], returns: i32 },
  // int listen(int fd, int backlog)
  listen: { args: [i32, i32], returns: i32 },
  // int connect(int fd, const struct sockaddr *address, socklen_t length)
  connect: { args: [i32, pointer, u32], returns: i32 },
  // int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
  accept4: { args: [i32, pointer, pointer, i32], returns: i32 },
  // int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
  getsockopt: { args: [i32, i32, i32, pointer, pointer], returns: i32 },
  // int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
  setsockopt: { args: [i32, i32, i32, pointer, u32], returns: i32 },
  // ssize_t recvmsg(int fd, struct msghdr *message, int flags)
  recvmsg: { args: [i32, pointer, i32], returns: i64 },
  // ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
  sendmsg: { args: [i32, pointer, i32], returns: i64 },
})

const AF_UNIX = 1
/** STREAM has no ends of messages; SEQPACKET gives each message by itself. */
const TYPES = { stream: 1, packets: 5 } as const
const SOCK_CLOEXEC = 0o2000000
const SUN_PATH_BYTES = 108
const SOL_SOCKET = 1
const SO_PEERCRED = 17
const SO_RCVTIMEO = 20
const SO_SNDTIMEO = 21
const SCM_RIGHTS = 1
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
const MSG_CMSG_CLOEXEC = 0x40000000
const CMSG_HEADER_BYTES = 16
/** In one message. What comes beyond these the kernel closes, without an error. */
export const MOST_DESCRIPTORS = 16

export type SocketType = keyof typeof TYPES

function address(path: string): Buffer {
  const name = Buffer.from(path)
  if (name.length >= SUN_PATH_BYTES) {
    throw new RangeError(`a unix socket's path has at most ${SUN_PATH_BYTES - 1} bytes: ${path}`)
  }
  const address = Buffer.alloc(2 + SUN_PATH_BYTES)
  address.writeUInt16LE(AF_UNIX, 0)
  name.copy(address, 2)
  return address
}

/** As checked(). Where a wait on a socket has a limit, the kernel does not go on with it after a signal (signal(7)). */
function uninterrupted(call: string, act: () => number | bigint): number {
  for (;;) {
    const result = Number(act())
    if (result >= 0) return result
    const errno = lastErrno()
    if (errno !== Errno.EINTR) throw new SystemError(call, errno)
  }
}

/** `use`s a new socket; it is closed if that throws. */
function withSocket(type: SocketType, use: (fd: number) => void): number {
  const fd = checked('socket', c.socket(AF_UNIX, TYPES[type] | SOCK_CLOEXEC, 0))
  try {
    use(fd)
  } catch (error) {
    closeSync(fd)
    throw error
  }
  return fd
}

/** Listens on the unix socket `path`; returns its descriptor. Throws SystemError; RangeError if too long. */
export function listenUnix(path: string, type: SocketType = 'stream', backlog = 1): number {
  const name = address(path)
  return withSocket(type, (fd) => {
    checked('bind', c.bind(fd, ptr(name), name.length))
    checked('listen', c.listen(fd, backlog))
  })
}

/**
 * Connects to the unix socket `path`; each wait on it ends after `mostSeconds` without a signal. Throws SystemError;
 * RangeError if the path is too long.
 */
export function connectUnix(path: string, type: SocketType, mostSeconds: number): number {
  const name = address(path)
  // struct timeval: i64 seconds, i64 microseconds
  const limit = Buffer.alloc(16)
  limit.writeBigInt64LE(BigInt(mostSeconds))
  return withSocket(type, (fd) => {
    for (const option of [SO_RCVTIMEO, SO_SNDTIMEO])
      checked('setsockopt', c.setsockopt(fd, SOL_SOCKET, option, ptr(limit), limit.length))
    uninterrupted('connect', () => c.connect(fd, ptr(name), name.length))
  })
}

/** Waits for a connection; returns its descriptor. Throws SystemError. */
export function accept(listener: number): number {
  return uninterrupted('accept4', () => c.accept4(listener, null, null, SOCK_CLOEXEC))
}

/** Who is at the other end, as the kernel noted when it connected: struct ucred. Throws SystemError. */
export function peerOf(socket: number): { pid: number; uid: number; gid: number } {
  const credentials = Buffer.alloc(12)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(credentials.length)
  checked('getsockopt', c.getsockopt(socket, SOL_SOCKET, SO_PEERCRED, ptr(credentials), ptr(length)))
  return {
    pid: credentials.readInt32LE(0),
    uid: credentials.readUInt32LE(4),
    gid: credentials.readUInt32LE(8),
  }
}

/** struct msghdr: name @0, namelen @8, iov @16, iovlen @24, control @32, controllen @40, flags @48 */
function messageHeader(vector: Buffer, bytes: Buffer, control: Buffer): Buffer {
  vector.writeBigUInt64LE(BigInt(ptr(bytes)), 0)
  vector.writeBigUInt64LE(BigInt(bytes.length), 8)
  const header = Buffer.alloc(56)
  header.writeBigUInt64LE(BigInt(ptr(vector)), 16)
  header.writeBigUInt64LE(1n, 24)
  header.writeBigUInt64LE(control.length === 0 ? 0n : BigInt(ptr(control)), 32)
  header.writeBigUInt64LE(BigInt(control.length), 40)
  return header
}

/** One message and the descriptors that came with it, which are the caller's to close. Throws SystemError. */
export function receiveWithDescriptors(
  socket: number,
  mostBytes: number,
  { wait = true }: { wait?: boolean } = {},
): { bytes: Buffer; descriptors: number[] } {
  const bytes = Buffer.alloc(mostBytes)
  const control = Buffer.alloc(CMSG_HEADER_BYTES + 4 * MOST_DESCRIPTORS)
  const vector = Buffer.alloc(16)
  const header = messageHeader(vector, bytes, control)
  const flags = MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT)
  const got = uninterrupted('recvmsg', () => c.recvmsg(socket, ptr(header), flags))
  const isRights =
    header.readBigUInt64LE(40) >= CMSG_HEADER_BYTES &&
    control.readInt32LE(8) === SOL_SOCKET &&
    control.readInt32LE(12) === SCM_RIGHTS
  const count = isRights ? (Number(control.readBigUInt64LE(0)) - CMSG_HEADER_BYTES) / 4 : 0
  return {
    bytes: bytes.subarray(0, got),
    descriptors: Array.from({ length: count }, (_, at) => control.readInt32LE(CMSG_HEADER_BYTES + 4 * at)),
  }
}

/**
 * Sends one message; descriptors stay open here. Throws SystemError, with `wait: false` EAGAIN; RangeError if the other
 * side would not get them all.
 */
export function sendWithDescriptors(
  socket: number,
  bytes: Buffer,
  descriptors: readonly number[],
  { wait = true }: { wait?: boolean } = {},
): void {
  if (descriptors.length > MOST_DESCRIPTORS)
    throw new RangeError(`${descriptors.length} descriptors in one message, which holds ${MOST_DESCRIPTORS}`)
  const used = CMSG_HEADER_BYTES + 4 * descriptors.length
  // CMSG_SPACE: whole words of 8 bytes.
  const control = Buffer.alloc(descriptors.length === 0 ? 0 : Math.ceil(used / 8) * 8)
  if (descriptors.length > 0) {
    control.writeBigUInt64LE(BigInt(used), 0)
    control.writeInt32LE(SOL_SOCKET, 8)
    control.writeInt32LE(SCM_RIGHTS, 12)
    for (const [at, fd] of descriptors.entries()) control.writeInt32LE(fd, CMSG_HEADER_BYTES + 4 * at)
  }
  const vector = Buffer.alloc(16)
  const header = messageHeader(vector, bytes, control)
  const flags = MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT)
  uninterrupted('sendmsg', () => c.sendmsg(socket, ptr(header), flags))
}
