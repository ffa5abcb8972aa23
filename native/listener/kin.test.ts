import { ptr } from 'bun:ffi'
import { afterEach, expect, test } from 'bun:test'
import { closeSync } from 'node:fs'
import { acg_chain_end, acg_kin, wordsOf } from '../../bpf/acg.gen.ts'
import { openPidfd } from '../../ffi/mod.ts'
import { native } from './native.ts'

// struct chain: size_t count @0 · enum end @8 · struct acg_kin of[1000] @16 · u64 asker_start_ticks
const OF = 16
const MOST = 1000

function chainOf(pid: number, root: number) {
  const chain = Buffer.alloc(OF + MOST * acg_kin.bytes + 8)
  if (!native.find_chain(pid, root, ptr(chain))) return null
  const words = wordsOf(chain)
  const members = Array.from({ length: Number(chain.readBigUInt64LE(0)) }, (_, at) =>
    acg_kin.read(words, OF + at * acg_kin.bytes),
  )
  const asker = Number(chain.readBigUInt64LE(OF + MOST * acg_kin.bytes))
  return { pids: members.map(({ pid }) => pid), members, asker, end: chain.readInt32LE(8) }
}

function know(kin: acg_kin, pidfd: number): void {
  const words = new Uint32Array(acg_kin.bytes / 4)
  acg_kin.write(words, 0, kin)
  native.know(ptr(words), pidfd)
}

/** A shell, its child that waits, and their pids. */
const families: Bun.Subprocess<'pipe', 'pipe'>[] = []
async function family() {
  const shell = Bun.spawn(['sh', '-c', 'sleep 60 & echo $!; wait'], { stdin: 'pipe', stdout: 'pipe' })
  families.push(shell)
  const { value } = await shell.stdout.getReader().read()
  return { shell: shell.pid, child: Number(Buffer.from(value ?? '').toString()) }
}

afterEach(async () => {
  for (const { pid, exited } of families.splice(0)) {
    Bun.spawnSync(['sh', '-c', `kill $(cat /proc/${pid}/task/${pid}/children) ${pid}`])
    await exited
  }
})

test('find_chain() finds a process and its ancestors up to the container’s init, who asks first', async () => {
  const { shell, child } = await family()
  const chain = chainOf(child, process.pid)
  expect(chain).toMatchObject({ pids: [child, shell], end: acg_chain_end.ACG_CHAIN_ROOT })
  expect(chain?.members[0]).toMatchObject({ parent_pid: shell })
  expect(chain?.asker).toBe(chain?.members[0]?.start_ticks as number)
})

test('find_chain() ends at who is known, and knows a reused pid for a new process', async () => {
  const { shell, child } = await family()
  const [, ofShell] = chainOf(child, process.pid)?.members ?? []
  know(ofShell as acg_kin, -1)
  expect(chainOf(child, process.pid)).toMatchObject({ pids: [child], end: acg_chain_end.ACG_CHAIN_KNOWN })
  know({ ...(ofShell as acg_kin), start_ticks: 1 }, -1)
  expect(chainOf(child, process.pid)).toMatchObject({ pids: [child, shell] })
})

test('find_chain() takes a known process’s word by its pidfd until that is closed', async () => {
  const { shell, child } = await family()
  const [, ofShell] = chainOf(child, process.pid)?.members ?? []
  const pidfd = openPidfd(shell)
  // What /proc would contradict shows who was asked.
  know({ ...(ofShell as acg_kin), start_ticks: 1 }, pidfd)
  expect(chainOf(child, process.pid)).toMatchObject({ pids: [child] })
  native.has_ended(shell, 1)
  closeSync(pidfd)
  expect(chainOf(child, process.pid)).toMatchObject({ pids: [child, shell] })
})

test('find_descent() tells whose child it was, and whether it has exec’ed: only a child’s first exec begins a call', async () => {
  const { shell, child } = await family()
  const [ofChild, ofShell] = chainOf(child, process.pid)?.members ?? []
  const descent = () => {
    const bytes = Buffer.alloc(24)
    native.find_descent(child, ptr(bytes))
    const [parent, startTicks] = [bytes.readInt32LE(0), Number(bytes.readBigUInt64LE(8))]
    return { parent, startTicks, hasExeced: bytes.readUInt8(16) === 1 }
  }
  know(ofChild as acg_kin, -1)
  expect(descent()).toEqual({ parent: 0, startTicks: 0, hasExeced: false })
  know(ofShell as acg_kin, -1)
  know(ofChild as acg_kin, -1)
  const { start_ticks: startTicks } = ofShell as acg_kin
  expect(descent()).toEqual({ parent: shell, startTicks, hasExeced: false })
  native.has_execed(child)
  expect(descent().hasExeced).toBe(true)
})

test('find_chain() leaves out the elders of what was entered from outside, such as podman exec', async () => {
  const { shell, child } = await family()
  const never = 4_000_000
  const chain = chainOf(child, never)
  expect(chain).toMatchObject({ pids: [child], end: acg_chain_end.ACG_CHAIN_OUTSIDE })
  expect(shell).not.toBe(child)
})

test('find_chain() says false of a process that is gone', async () => {
  const child = Bun.spawn(['true'])
  await child.exited
  expect(chainOf(child.pid, process.pid)).toBeNull()
})
