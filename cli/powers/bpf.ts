// Whether acg itself, as it was started, can load BPF programs that watch processes.

import { existsSync } from 'node:fs'
import { effectiveCapabilities } from './host.ts'

/** linux/capability.h */
const CAP_SYS_ADMIN = 21n
const CAP_PERFMON = 38n
const CAP_BPF = 39n

const KERNEL_TYPES = '/sys/kernel/btf/vmlinux'

/** What stands against it, and what mends that; null if nothing does. */
export function lacksForBpf(): { seen: string; mend: string } | null {
  if (!existsSync(KERNEL_TYPES)) {
    return {
      seen: `the kernel does not describe its types: no ${KERNEL_TYPES}`,
      mend: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y',
    }
  }
  const has = (capability: bigint) => (effectiveCapabilities() & (1n << capability)) !== 0n
  if (has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON))) return null
  return {
    seen: 'loading programs takes CAP_BPF and CAP_PERFMON, which you have not',
    mend: 'log in as root to use it (under sudo, acg runs as who called sudo)',
  }
}
