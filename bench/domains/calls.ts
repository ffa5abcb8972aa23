// What a leaf of its own adds to a call, and to who forks beside it.

import { median, quantile } from 'simple-statistics'
import type { Workplace } from '../../test/acg.ts'
import { delegated, ENFORCED, expectCalls, type Part } from './part.ts'

const CALLS = 30
/** A shell: programs run again and again at even intervals are taken for polling. */
const CALL = ['sh', '-c', 'true']
/** Between calls a model thinks, and the kernel forgets that a process was moved: a write after it is dearer. */
const PAUSE_MS = 200

export function calls(place: Workplace): Part[] {
  const calling = async (flags: readonly string[]) => {
    const command = ['python3', 'calls.py', String(CALLS), String(PAUSE_MS), ...CALL]
    const run = await place.run(flags, command)
    expectCalls(run.result.calls.length, CALLS)
    return run
  }
  const callMs = async (...flags: string[]) => median(JSON.parse((await calling(flags)).stdout) as number[])
  const addedBySeccomp = async () =>
    (await callMs('--watch', 'seccomp', ...ENFORCED)) - (await callMs('--watch', 'seccomp'))
  const write = () => delegated('write', String(CALLS), String(PAUSE_MS))
  const wrap = () => delegated('wrap', String(CALLS), String(PAUSE_MS))

  /** Somebody outside forks all the time. */
  const forking =
    (share: number, ...flags: string[]) =>
    async () => {
      const bystander = Bun.spawn(['python3', 'bystander.py'], {
        cwd: place.project,
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      await calling(['--watch', 'seccomp', ...flags])
      bystander.stdin.end()
      const took = JSON.parse(await new Response(bystander.stdout).text()) as number[]
      return quantile(took, share)
    }

  return [
    {
      id: 'call',
      what: 'what a leaf adds to a call / a bare write of cgroup.procs',
      act: addedBySeccomp,
      control: write,
    },
    {
      id: 'wrapper',
      what: 'bash makes a cgroup, enters it and runs true / a bare write of cgroup.procs',
      act: wrap,
      control: write,
    },
    {
      id: 'bystander-median',
      what: 'a fork of somebody else while calls get leaves / get none, the median',
      act: forking(0.5, ...ENFORCED),
      control: forking(0.5),
    },
    {
      id: 'bystander-p99',
      what: 'a fork of somebody else while calls get leaves / get none, the 99th percentile',
      act: forking(0.99, ...ENFORCED),
      control: forking(0.99),
    },
  ]
}
