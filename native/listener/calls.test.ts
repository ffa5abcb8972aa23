import { expect, test } from 'bun:test'
import { native } from './native.ts'

/** enum watched_call */
const CALLS = { execve: 1, execveat: 2, setsid: 3 } as const

// From linux/audit.h and the kernel's system call tables, written down apart from the code's.
const X86_64 = 0xc000003e
const I386 = 0x40000003
const ARM64 = 0xc00000b7
const ARM = 0x40000028
const X32 = 0x40000000

const TABLE: [what: string, arch: number, number: number, call: keyof typeof CALLS, pointerBytes: 4 | 8][] = [
  ['x86-64', X86_64, 59, 'execve', 8],
  ['x86-64', X86_64, 322, 'execveat', 8],
  ['x86-64', X86_64, 112, 'setsid', 8],
  ['x32', X86_64, X32 + 520, 'execve', 4],
  ['x32', X86_64, X32 + 545, 'execveat', 4],
  ['x32', X86_64, X32 + 112, 'setsid', 4],
  ['i386', I386, 11, 'execve', 4],
  ['i386', I386, 358, 'execveat', 4],
  ['i386', I386, 66, 'setsid', 4],
  ['arm64', ARM64, 221, 'execve', 8],
  ['arm64', ARM64, 281, 'execveat', 8],
  ['arm64', ARM64, 157, 'setsid', 8],
  ['arm', ARM, 11, 'execve', 4],
  ['arm', ARM, 387, 'execveat', 4],
  ['arm', ARM, 66, 'setsid', 4],
]

function watched(arch: number, number: number) {
  const both = BigInt(native.watched_call(arch, number))
  return { call: Number(both & 0xffffffffn), pointerBytes: Number(both >> 32n) }
}

for (const [what, arch, number, call, pointerBytes] of TABLE) {
  test(`watched_call() knows ${call} of ${what}: a wrong pointer size would read a wrong argv`, () => {
    expect(watched(arch, number)).toEqual({ call: CALLS[call], pointerBytes })
  })
}

test('watched_call() knows no other calls and architectures', () => {
  expect(watched(X86_64, 0).call).toBe(0)
  // execve of i386 is munmap of x86-64.
  expect(watched(X86_64, 11).call).toBe(0)
  expect(watched(0x8000_0016, 11).call).toBe(0)
})
