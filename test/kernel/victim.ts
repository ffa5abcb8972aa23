// A run whose processes can be killed one by one, and what has to be gone afterwards.

import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Subprocess } from 'bun'
import { isAlive, readStat } from '../../cli/procfs/stat.ts'
import { ACG, cacheFolder, commandLine, type Workplace } from '../acg.ts'

export const VICTIMS = ['acg', 'conmon', 'init', 'agent'] as const
export type Victim = (typeof VICTIMS)[number]

const STARTS_WITHIN_MS = 60_000

export interface DoomedRun {
  readonly acg: Subprocess
  readonly record: string
  readonly pids: Readonly<Record<Victim, number>>
  /** Every process of the container, by pid and start. */
  readonly inside: readonly { pid: number; start_ticks: number }[]
  readonly cgroup: string | null
  readonly helpers: readonly number[]
}

const HELPERS = /(^|\/)(slirp4netns|pasta(\.avx2)?)\0/

/** Network helpers that live now. */
function networkHelpers(): number[] {
  return allPids().filter((pid) => HELPERS.test(commandLine(pid)))
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

/** Starts a run of an agent with a child, a grandchild and a server, and waits until all are there. */
export async function startDoomed(place: Workplace): Promise<DoomedRun> {
  mkdirSync(place.project, { recursive: true })
  const record = place.nextRecord()
  const before = new Set(networkHelpers())
  const agent = 'sleep 301 & (setsid sleep 302 &); bash -c "sleep 303; true"; true'
  const acg = Bun.spawn([ACG, 'run', '--record', record, '--', 'bash', '-c', agent], {
    cwd: place.project,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  await until(STARTS_WITHIN_MS, 'the run has started', () =>
    text(join(record, 'events.jsonl')).includes('"303'),
  )

  const runId = (JSON.parse(text(join(record, 'run.json'))) as { run_id: string }).run_id
  const pidIn = (file: string) => Number(text(join(cacheFolder(), 'sandboxes', runId, file)))
  const init = pidIn('init.pid')
  const namespace = readlinkSync(`/proc/${init}/ns/pid`)
  const insidePids = allPids().filter((pid) => linkOf(`/proc/${pid}/ns/pid`) === namespace)
  const agentPid = insidePids.find(
    (pid) =>
      pid !== init && readStat(pid)?.parentPid === init && commandLine(pid).startsWith('/usr/bin/bash\0'),
  )
  return {
    acg,
    record,
    pids: { acg: acg.pid, conmon: pidIn('conmon.pid'), init, agent: agentPid ?? 0 },
    inside: insidePids.map((pid) => ({ pid, start_ticks: readStat(pid)?.startTicks ?? 0 })),
    cgroup: cgroupFolder(init),
    helpers: networkHelpers().filter((pid) => !before.has(pid)),
  }
}

/** What of the run still lives, apart from what only acg's next command may clear. */
export function stillAlive({ inside }: DoomedRun): number[] {
  return inside.filter(isAlive).map(({ pid }) => pid)
}

/** What is left of the run once its processes are gone. */
export async function stillThere({ cgroup, helpers }: DoomedRun): Promise<string[]> {
  const left: string[] = []
  if (cgroup !== null && existsSync(cgroup)) left.push(`cgroup ${cgroup}`)
  for (const pid of helpers) if (HELPERS.test(commandLine(pid))) left.push(`network helper ${pid}`)
  const mounts = text('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes('/acg/sandboxes/'))
  return [...left, ...mounts.map((line) => `mount ${line}`)]
}

function cgroupFolder(pid: number): string | null {
  const lines = text(`/proc/${pid}/cgroup`).split('\n')
  const memory = lines.find((line) => line.split(':')[1] === 'memory')
  if (memory) return join('/sys/fs/cgroup/memory', memory.split(':')[2] as string)
  const unified = lines.find((line) => line.startsWith('0::'))?.slice(3)
  return unified && unified !== '/' ? join('/sys/fs/cgroup', unified) : null
}

/** Waits until `holds`; throws with what was waited for. */
export async function until(
  ms: number,
  what: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const start = Date.now()
  while (!(await holds())) {
    if (Date.now() - start > ms) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await Bun.sleep(50)
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
