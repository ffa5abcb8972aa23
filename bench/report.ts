// What a report of the study's data costs: every measurement in both modes, against what Python takes merely to
// parse the same files. The data is no part of this project; ACG_AGENTCGROUP_DATA names the folder that holds it.
//
// Each side is a process of its own, in alternation, with files that are in the page cache; its time is that of the
// whole process. A thousand copies of the runs, against a hundred of them, show how time and memory grow.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SETS, taskFolders } from '../cli/import/agentcgroup/layout.ts'
import { LossLog } from '../cli/import/losses.ts'
import { STUDY_FOLDER, StudyData } from '../test/study-data.ts'
import type { Benchmark } from './benchmark.ts'
import { type Act, command, comparePairs, type Figure } from './pairs.ts'

const REPORT = join(import.meta.dir, 'report-both-modes.ts')

const PARSE = `
import json, os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            if name.endswith('.jsonl'):
                for line in file: json.loads(line)
            else: json.load(file)
`

export const report: Benchmark = {
  name: 'report',
  about: 'every measurement of the study’s data against parsing it',
  async run({ pairs, where, progress }) {
    const folder = STUDY_FOLDER
    if (folder === undefined) {
      console.error('SKIPPED report: set ACG_AGENTCGROUP_DATA to the folder that holds the study’s data')
      return []
    }
    using data = new StudyData(folder)
    const { root } = data
    const work = mkdtempSync(join(tmpdir(), 'acg-bench-'))
    try {
      const [hundred, thousand] = [
        copies(root, join(work, '100'), 100),
        copies(root, join(work, '1000'), 1000),
      ]
      const time = await comparePairs(
        { id: 'report', what: 'both modes of a report / json.load of the same files in Python', where },
        reportOf(root),
        command(['/usr/bin/python3', '-c', PARSE, root], '/'),
        pairs,
        progress,
      )
      const growth = await comparePairs(
        { id: 'report.growth', what: 'a report of 1000 runs / of 100 runs', where },
        reportOf(thousand),
        reportOf(hundred),
        Math.min(pairs, FEW),
        progress,
      )
      return [
        time,
        growth,
        await memory(where, root, 'the set'),
        await memory(where, thousand, '1000 runs', hundred),
      ]
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  },
}

const FEW = 5

function reportOf(root: string): Act {
  return command([process.execPath, REPORT, root], '/')
}

/** A data set of as many runs, links that are spread over the set's: whatever the number, large runs have their share. */
function copies(root: string, into: string, count: number): string {
  const tasks = taskFolders(root, new LossLog()).filter(({ set }) =>
    SETS.some(({ key, isPilot }) => key === set && !isPilot),
  )
  for (let at = 0; at < count; at++) {
    const { folder, task } = tasks[Math.floor((at * tasks.length) / count)] as (typeof tasks)[number]
    const set = folder.slice(0, folder.indexOf('/'))
    mkdirSync(join(into, set), { recursive: true })
    symlinkSync(join(root, folder), join(into, set, `${task}-${at}`))
  }
  return into
}

/** Peak resident memory of the report's process, all its threads together. */
async function memory(where: string, root: string, what: string, control?: string): Promise<Figure> {
  const value = await peakMb(root)
  const against = control === undefined ? null : await peakMb(control)
  return {
    id: control === undefined ? 'report.memory' : 'report.memory-growth',
    what: `peak memory of a report of ${what}${control === undefined ? '' : ' / of 100 runs'}`,
    unit: 'MB',
    value,
    control: against,
    ratio: against === null ? null : value / against,
    upper: null,
    n: 1,
    p50: value,
    p99: value,
    where,
  }
}

async function peakMb(root: string): Promise<number> {
  const child = Bun.spawn([process.execPath, REPORT, root], { stdio: ['ignore', 'ignore', 'inherit'] })
  if ((await child.exited) !== 0) throw new Error(`the report of ${root} failed`)
  return (child.resourceUsage()?.maxRSS ?? 0) / 1e6
}
