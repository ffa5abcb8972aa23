// /proc, for calling the roll of a run's processes after a loss.

import { readdirSync } from 'node:fs'
import { pipeInode, readProcessLink } from '../../procfs/link.ts'
import { readProcessFile, readStat } from '../../procfs/stat.ts'
import { ARGV_BYTES, type ExecDetails } from '../process-event.ts'
import type { ProcessTable } from './roll.ts'

export const procTable: ProcessTable = {
  all: () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readStat(Number(name)) ?? []),

  stat: readStat,

  /** A process that was only forked runs what its parent runs, which is no exec of its own. */
  execOf(pid): ExecDetails | null {
    const parent = readStat(pid)?.parentPid
    const line = readProcessFile(pid, 'cmdline')
    const file = readProcessLink(pid, 'exe')
    if (line === null || file === null || parent === undefined) return null
    if (line === readProcessFile(parent, 'cmdline')) return null
    const words = line.slice(0, ARGV_BYTES).split('\0')
    if (words.at(-1) === '') words.pop()
    return {
      file,
      interpreter: null,
      argv: words,
      argv_truncated: line.length > ARGV_BYTES,
      cwd: readProcessLink(pid, 'cwd'),
      stdin_pipe: pipeInode(readProcessLink(pid, 'fd/0')),
      stdout_pipe: pipeInode(readProcessLink(pid, 'fd/1')),
    }
  },
}
