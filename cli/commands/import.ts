// acg import: other people's traces as records.

import { Command } from 'commander'
import { AcgError } from '../errors.ts'
import { isDataSet, SETS, taskFolders } from '../import/agentcgroup/layout.ts'
import { succeededTasks } from '../import/agentcgroup/progress.ts'
import { importRun } from '../import/agentcgroup/records.ts'
import { importTranscript } from '../import/claude.ts'
import type { Imported } from '../import/imported-record.ts'
import { LossLog, lossLine } from '../import/losses.ts'
import { runsFolder } from '../places.ts'
import { ProgressLine } from '../report/progress.ts'

interface Options {
  readonly to: string
}

export function importCommand(): Command {
  const into = ['--to <FOLDER>', 'put the records there', runsFolder()] as const
  return new Command('import')
    .summary('make records of other people’s traces')
    .addCommand(
      new Command('agentcgroup')
        .description('the published runs of the AgentCgroup study (arXiv 2602.09345)')
        .argument('<dir>', `the folder that holds ${SETS.map(({ folder }) => folder).join(', ')}`)
        .option(...into)
        .action(importDataSet),
    )
    .addCommand(
      new Command('claude')
        .description('a transcript of Claude Code')
        .argument('<file>', 'such as ~/.claude/projects/PROJECT/SESSION.jsonl')
        .option(...into)
        .action(importClaude),
    )
}

function importDataSet(root: string, { to }: Options): void {
  if (!isDataSet(root)) {
    throw new AcgError({
      what: `cannot import ${root}: it is not the study's data`,
      seen: `none of the folders ${SETS.map(({ folder }) => folder).join(', ')}`,
      hint: 'name the folder in which they are',
    })
  }
  const losses = new LossLog()
  const tasks = taskFolders(root, losses)
  const succeeded = new Map(
    SETS.map(({ key, folder }) => [key, succeededTasks({ root, file: `${folder}/progress.json`, losses })]),
  )
  const imported: Imported[] = []
  {
    using progress = new ProgressLine('importing runs')
    for (const [at, task] of tasks.entries()) {
      progress.update(at, tasks.length)
      const hasSucceeded = succeeded.get(task.set)?.has(task.task) ?? false
      const record = importRun(root, task, hasSucceeded, to, losses)
      if (record) imported.push(record)
    }
  }
  tell(imported, to, losses)
}

function importClaude(file: string, { to }: Options): void {
  const losses = new LossLog()
  const record = importTranscript(file, to, losses)
  tell([record], to, losses)
}

function tell(imported: readonly Imported[], to: string, losses: LossLog): void {
  const known = imported.filter(({ isKnown }) => isKnown).length
  for (const loss of losses.list()) console.error(`acg: lost: ${lossLine(loss)}`)
  for (const { folder } of imported) console.log(folder)
  const before = known > 0 ? `, ${known} of them known before` : ''
  console.error(`acg: ${imported.length} ${imported.length === 1 ? 'record' : 'records'} in ${to}${before}`)
}
