import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { kernelLacksForBpf } from './bpf.ts'

test('a kernel on which the programs cannot be loaded is named, with the one that it takes', () => {
  for (const old of ['6.1.0-38-amd64', '5.15.0-91-generic', '6.0.1'])
    expect(kernelLacksForBpf(old)).toEqual({ seen: `Linux ${old}`, mend: 'boot Linux 6.2 or newer' })
})

test.skipIf(!existsSync('/sys/kernel/btf/vmlinux'))('newer ones are not: 6.12 is after 6.2', () => {
  for (const newer of ['6.2.0', '6.12.63+deb13-amd64', '7.3.4+deb13-cloud-amd64', '10.0'])
    expect(kernelLacksForBpf(newer)).toBeNull()
})
