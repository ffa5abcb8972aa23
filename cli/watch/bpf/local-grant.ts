// The privileged half in acg's own process: for root, where no daemon is needed.

import { statSync } from 'node:fs'
import { BpfError } from '../../../ffi/bpf.ts'
import { DEFAULT_RING_BYTES, ownReader } from './defaults.ts'
import type { RunGrant } from './grant.ts'
import { LoadedPrograms } from './loaded-programs.ts'
import type { Pace } from './pace.ts'

/** Loads the programs and makes the one ring that they are for. Throws an Error with libbpf's reason. */
export function grantLocally(pace: Pace, ringBytes = DEFAULT_RING_BYTES): RunGrant {
  try {
    using undone = new DisposableStack()
    const programs = undone.use(new LoadedPrograms())
    const reader = ownReader(pace)
    const run = programs.openRun(ringBytes)
    const { ring, losses } = run
    undone.move()
    return {
      ring,
      losses,
      ringBytes,
      pace,
      follow: (initPid) => run.follow(statSync(`/proc/${initPid}/ns/pid`).ino, reader),
      [Symbol.dispose]: () => programs[Symbol.dispose](),
    }
  } catch (error) {
    throw withReason(error as Error)
  }
}

/** libbpf's last words say most: why the kernel took a program for unsafe, or what it does not have. */
function withReason(error: Error): Error {
  const reason = error instanceof BpfError ? error.log.trim().split('\n').at(-1) : undefined
  return reason ? new Error(`${error.message}: ${reason}`, { cause: error }) : error
}
