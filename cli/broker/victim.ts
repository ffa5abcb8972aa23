// Whom the kernel ends first when a container has used up its memory: oom_score_adj, proc_pid_oom_score_adj(5).

import { writeFileSync } from 'node:fs'
import { isGone, readProcessFile } from '../procfs/stat.ts'

const SCORE = 'oom_score_adj'

/** Halfway to the worst: half of the limit counts as held on top of what is. */
export const TOOL_SCORE = 500

/** The process and what it forks from now on, before the agent. Throws the file system's error. */
export function makeFirstVictim(pid: number): void {
  writeFileSync(`/proc/${pid}/${SCORE}`, `${TOOL_SCORE}`)
}

/** It was no tool after all, and goes when the other does; nothing if either has ended. */
export function makeVictimLike(pid: number, other: number): void {
  const score = readProcessFile(other, SCORE)
  try {
    if (score !== null) writeFileSync(`/proc/${pid}/${SCORE}`, score)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
