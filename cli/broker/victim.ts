// Whom the kernel ends first when a container has used up its memory: oom_score_adj, proc_pid_oom_score_adj(5).

import { writeFileSync } from 'node:fs'

/** Halfway to the worst: half of the limit counts as held on top of what is. */
const TOOL_SCORE = 500

/** The process and what it forks from now on, before the agent. Throws the file system's error. */
export function makeFirstVictim(pid: number): void {
  writeFileSync(`/proc/${pid}/oom_score_adj`, `${TOOL_SCORE}`)
}
