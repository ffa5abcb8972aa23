// How soon a thread runs once it is woken: sched_setattr(2), struct sched_attr of linux/sched/types.h.
//
// u32 size @0 · u32 policy @4 · u64 flags @8 · i32 nice @16 · u32 priority @20 · u64 runtime @24 · … (48 bytes)

import { ptr } from 'bun:ffi'
import { getPriority } from 'node:os'
import { checked, systemCall } from './libc.ts'

const SYS_SCHED_SETATTR = process.arch === 'x64' ? 314 : 274
const ATTR_BYTES = 48
/** The least that the kernel takes. */
const SHORT_SLICE_NS = 100_000n

/**
 * Asks for short turns at the CPU: from Linux 6.12 on a thread that is woken for one need not wait for the end of
 * another's longer turn. It gets no more CPU by that, and takes no privilege; older kernels pass it over. Throws
 * SystemError.
 */
export function takeShortTurns(): void {
  const attr = Buffer.alloc(ATTR_BYTES)
  attr.writeUInt32LE(ATTR_BYTES, 0)
  attr.writeInt32LE(getPriority(), 16)
  attr.writeBigUInt64LE(SHORT_SLICE_NS, 24)
  checked('sched_setattr', systemCall(SYS_SCHED_SETATTR, 0, ptr(attr), 0))
}
