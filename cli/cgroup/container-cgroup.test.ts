import { describe, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { ContainerCgroup, findLayout } from './container-cgroup.ts'

const V2 = '0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-abc.scope/container\n'
const V2_OWN = '0::/user.slice/user-1000.slice/session-1.scope\n'
const V1 = `12:pids:/libpod_parent/libpod-abc
7:cpu,cpuacct:/libpod_parent/libpod-abc
5:memory:/libpod_parent/libpod-abc
1:name=systemd:/libpod_parent/libpod-abc
`
const V1_OWN = V1.replaceAll('/libpod_parent/libpod-abc', '/user.slice')

describe('findLayout()', () => {
  test('reads cgroup v2', () => {
    const folder =
      '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-abc.scope/container'
    expect(findLayout(V2, V2_OWN)).toEqual({
      source: 'cgroup2',
      processes: `${folder}/cgroup.procs`,
      memory: `${folder}/memory.current`,
      cpu: `${folder}/cpu.stat`,
      pressure: `${folder}/memory.pressure`,
    })
  })

  const v1 = {
    source: 'cgroup1',
    processes: '/sys/fs/cgroup/memory/libpod_parent/libpod-abc/cgroup.procs',
    memory: '/sys/fs/cgroup/memory/libpod_parent/libpod-abc/memory.usage_in_bytes',
    cpu: '/sys/fs/cgroup/cpuacct/libpod_parent/libpod-abc/cpuacct.usage',
    pressure: null,
  } as const

  test('reads cgroup v1, where each controller has a tree of its own', () => {
    expect(findLayout(V1, V1_OWN)).toEqual(v1)
    const apart = V1.replace('7:cpu,cpuacct:', '8:cpu:/elsewhere\n7:cpuacct:')
    expect(findLayout(apart, V1_OWN)).toEqual(v1)
  })

  test('reads memory from v1 on a hybrid machine: v2 has no controllers there', () => {
    expect(findLayout(`${V1}0::/libpod_parent/libpod-abc\n`, `${V1_OWN}0::/user.slice\n`)).toEqual(v1)
  })

  test('is null where the container has no cgroup of its own: it would count what is not the container’s', () => {
    expect(findLayout(V2, V2)).toBeNull()
    expect(findLayout(V1, V1)).toBeNull()
    expect(findLayout('0::/\n', V2_OWN)).toBeNull()
    expect(findLayout('5:memory:/\n0::/libpod\n', V1_OWN)).toBeNull()
    expect(findLayout('', V2_OWN)).toBeNull()
  })
})

describe('ContainerCgroup', () => {
  const root = temporaryFolder()

  /** Over a tree of files that stands for /sys/fs/cgroup. */
  function over(container: string, own: string, files: Record<string, string>): ContainerCgroup {
    const { source, ...paths } = findLayout(container, own)!
    const moved = Object.fromEntries(
      Object.entries(paths).map(([name, path]) => [name, path?.replace('/sys/fs/cgroup', root) ?? null]),
    ) as Record<string, string | null>
    for (const [name, text] of Object.entries(files)) {
      const path = moved[name]!
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    return Reflect.construct(ContainerCgroup, [{ source, ...moved }]) as ContainerCgroup
  }

  test('read() gives bytes and microseconds from v2', () => {
    using cgroup = over(V2, V2_OWN, {
      memory: '700895232\n',
      cpu: 'usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n',
      pressure:
        'some avg10=0.00 avg60=0.00 avg300=0.00 total=77\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n',
      processes: '10\n12\n',
    })
    expect(cgroup.read()).toEqual({ memoryBytes: 700_895_232, cpuUs: 1500, memoryPressureUs: 77 })
    expect(cgroup.pids()).toEqual([10, 12])
  })

  test('read() gives the same units from v1, whose CPU time is in nanoseconds', () => {
    using cgroup = over(V1, V1_OWN, { memory: '4096\n', cpu: '1500000\n', processes: '' })
    expect(cgroup.read()).toEqual({ memoryBytes: 4096, cpuUs: 1500, memoryPressureUs: null })
    expect(cgroup.pids()).toEqual([])
  })

  test('read() gives null for what the kernel does not tell, such as PSI', () => {
    rmSync(join(root, 'user.slice'), { recursive: true, force: true })
    using cgroup = over(V2, V2_OWN, { memory: '1\n', processes: '' })
    expect(cgroup.read()).toEqual({ memoryBytes: 1, cpuUs: null, memoryPressureUs: null })
  })

  test('read() sees the file as it is now, longer or shorter than before', () => {
    using cgroup = over(V1, V1_OWN, { memory: '123456\n', cpu: '0\n', processes: '' })
    expect(cgroup.read().memoryBytes).toBe(123_456)
    writeFileSync(join(root, 'memory/libpod_parent/libpod-abc/memory.usage_in_bytes'), '7\n')
    expect(cgroup.read().memoryBytes).toBe(7)
  })

  test('ofProcess() is null for what shares acg’s own cgroup', () => {
    expect(ContainerCgroup.ofProcess(process.pid)).toBeNull()
  })
})
