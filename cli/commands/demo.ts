// acg demo: a scripted agent in a real container, and what acg saw of it. Needs no API key.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { playDemo } from '../demo/agent.ts'
import { makeDemoProject } from '../demo/project.ts'
import { AcgError } from '../errors.ts'
import { isCompiled } from '../own-program.ts'
import { demosFolder } from '../places.ts'
import { openRecord } from '../record/reader.ts'
import { terminalColumns } from '../report/terminal.ts'
import { timelineLines } from '../report/timeline.ts'
import { defaultRequest } from '../supervisor/request.ts'
import { supervise } from '../supervisor/supervise.ts'

const AGENT_COMMAND = 'demo-agent'

export function demoCommand(): Command {
  return new Command('demo')
    .summary('watch a scripted agent at work; needs no API key')
    .option('--record <FOLDER>', 'keep the record there')
    .action(demo)
}

/** What `acg demo` runs inside; not for people. */
export function demoAgentCommand(): Command {
  return new Command(AGENT_COMMAND).action(playDemo)
}

async function demo({ record }: { record?: string }): Promise<void> {
  if (!isCompiled()) {
    throw new AcgError({
      what: 'cannot run the demo from source: its agent is the built program itself',
      hint: './install.sh && ~/.local/bin/acg demo',
    })
  }
  mkdirSync(demosFolder(), { recursive: true, mode: 0o700 })
  const project = mkdtempSync(join(demosFolder(), 'project-'))
  try {
    makeDemoProject(project)
    process.chdir(project)
    const request = { ...defaultRequest([process.execPath, AGENT_COMMAND]), record: record ?? null }
    const { result, folder } = await supervise(request)
    process.exitCode = result.acg_exit_code
    const { run } = openRecord(folder)
    console.log('')
    for (const line of timelineLines({ run, result, unseen: [] }, terminalColumns())) console.log(line)
  } finally {
    process.chdir('/')
    rmSync(project, { recursive: true, force: true })
  }
}
