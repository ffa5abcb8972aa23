// Whether acg itself, as it was started, can load BPF programs that watch processes.

import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { effectiveCapabilities } from './host.ts'

/** linux/capability.h */
const CAP_SYS_ADMIN = 21n
const CAP_PERFMON = 38n
const CAP_BPF = 39n

const KERNEL_TYPES = '/sys/kernel/btf/vmlinux'

/** Of which the programs need bpf_rdonly_cast() (bpf/typed.bpf.h). */
const LEAST_KERNEL = '6.2'

interface Lack {
  readonly seen: string
  /** What mends it. */
  readonly mend: string
}

/** What stands against it in the kernel, whoever loads them; null if nothing does. */
export function kernelLacksForBpf(kernel = release()): Lack | null {
  if (isOlder(kernel, LEAST_KERNEL))
    return { seen: `Linux ${kernel}`, mend: `boot Linux ${LEAST_KERNEL} or newer` }
  if (existsSync(KERNEL_TYPES)) return null
  return {
    seen: `the kernel does not describe its types: no ${KERNEL_TYPES}`,
    mend: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y',
  }
}

/** What stands against this process's doing it; null if nothing does. */
export function lacksForBpf(): Lack | null {
  const kernelLacks = kernelLacksForBpf()
  if (kernelLacks) return kernelLacks
  const has = (capability: bigint) => (effectiveCapabilities() & (1n << capability)) !== 0n
  if (has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON))) return null
  return {
    seen: 'loading programs takes CAP_BPF and CAP_PERFMON, which you have not',
    mend: 'log in as root to use it (under sudo, acg runs as who called sudo)',
  }
}

function isOlder(kernel: string, than: string): boolean {
  return kernel.localeCompare(than, 'en', { numeric: true }) < 0
}
