// /proc/PID/stat, proc_pid_stat(5). The second field may hold anything, parentheses and newlines included.

import { readFileSync } from 'node:fs'

/** Ticks a second of the times in /proc (USER_HZ, the same on every Linux that Bun runs on). */
export const TICKS_PER_SECOND = 100

/** PF_FORKNOEXEC of include/linux/sched.h, in the field `flags`. */
const FORKED_NO_EXEC = 0x40

export interface ProcessStat {
  readonly pid: number
  readonly state: string
  readonly parentPid: number
  readonly group: number
  readonly session: number
  /** It was forked, and has executed nothing since (PF_FORKNOEXEC). */
  readonly hasNotExeced: boolean
  readonly cpuTicks: number
  readonly threads: number
  readonly startTicks: number
  readonly residentPages: number
  /** The wait status; meaningful for a zombie only, and 0 without the right to trace the process. */
  readonly exitStatus: number
}

export function parseStat(text: string): ProcessStat {
  const nameEnd = text.lastIndexOf(')')
  const pid = Number.parseInt(text, 10)
  // Field 3 of proc_pid_stat(5) is fields[0].
  const fields = text.slice(nameEnd + 2).split(' ')
  const number = (field: number) => Number(fields[field - 3])
  return {
    pid,
    state: fields[0] ?? '?',
    parentPid: number(4),
    group: number(5),
    session: number(6),
    hasNotExeced: (number(9) & FORKED_NO_EXEC) !== 0,
    cpuTicks: number(14) + number(15),
    threads: number(20),
    startTicks: number(22),
    residentPages: number(24),
    exitStatus: number(52),
  }
}

/** Whether all of it has ended: not reaped yet, or being so. Its first thread may have, and others live on. */
export function hasEnded({ state, threads }: ProcessStat): boolean {
  return (state === 'Z' || state === 'X') && threads <= 1
}

/** The process's state now, or null if there is none of that pid. */
export function readStat(pid: number): ProcessStat | null {
  const text = readProcessFile(pid, 'stat')
  return text === null ? null : parseStat(text)
}

/** The process so that it is known again after its pid has been reused; null if there is none. */
export function processId(pid: number): { pid: number; start_ticks: number } | null {
  const stat = readStat(pid)
  return stat && { pid, start_ticks: stat.startTicks }
}

/** This process. */
export function ownProcess(): { pid: number; start_ticks: number } {
  return processId(process.pid) as { pid: number; start_ticks: number }
}

/** Whether the process still lives: not ended, no zombie, and not another one with its pid. */
export function isAlive({
  pid,
  start_ticks,
}: {
  readonly pid: number
  readonly start_ticks: number
}): boolean {
  const now = readStat(pid)
  return now !== null && now.startTicks === start_ticks && !hasEnded(now)
}

/** A small file of /proc/PID, or null if the process is gone. */
export function readProcessFile(pid: number, name: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

/** Whether a failed look into /proc means that the process ended, or that it is not ours to look into. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ESRCH' || isForbidden(error)
}

export function isForbidden(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EACCES' || code === 'EPERM'
}
