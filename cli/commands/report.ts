// acg report [RUN…|DIR]: the measurements of the AgentCgroup study, of runs or of the study's own data.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { sectionRows } from '../analysis/report.ts'
import { MODES, type Mode } from '../analysis/row.ts'
import { lossLine } from '../import/losses.ts'
import { csvText } from '../report/csv.ts'
import { measurementLines } from '../report/measurements.ts'
import { readSource } from '../report/source.ts'
import { terminalColumns } from '../report/terminal.ts'

interface Options {
  readonly mode: Mode
  readonly json?: boolean
  readonly csv?: string
  readonly html?: string
  readonly svg?: string
}

export function reportCommand(): Command {
  return new Command('report')
    .summary('measure runs as the AgentCgroup study did')
    .argument(
      '[runs...]',
      'runs as `acg show` takes them, or a folder with the study’s data; all records if none',
    )
    .addOption(
      new Option('--mode <MODE>', 'the study’s own definitions, or what they meant')
        .choices(MODES)
        .default('corrected' satisfies Mode),
    )
    .option('--json', 'the rows as JSON')
    .option('--csv <DIR>', 'the rows as DIR/MODE.csv')
    .option('--html <FILE>', 'figures and rows as a page; of one record, its phases, memory, CPU and calls')
    .option('--svg <DIR>', 'the page’s charts as DIR/NAME.svg')
    .action(report)
}

async function report(references: string[], { mode, json, csv, html, svg }: Options): Promise<void> {
  const source = await readSource(references, html !== undefined || svg !== undefined)
  const { scope, losses } = source
  const sections = sectionRows(scope, mode)
  const rows = sections.flatMap((section) => section.rows)
  if (csv !== undefined) {
    mkdirSync(csv, { recursive: true })
    writeFileSync(join(csv, `${mode}.csv`), csvText(rows))
  }
  if (html !== undefined || svg !== undefined) {
    const { writeFiles } = await import('../report/page/write.ts')
    writeFiles(source, mode, { html, svg })
  }
  if (json) console.log(JSON.stringify(rows, null, 2))
  else if ((csv ?? html ?? svg) === undefined) {
    for (const line of measurementLines(sections, terminalColumns())) console.log(line)
  }
  for (const loss of losses) console.error(`acg: lost: ${lossLine(loss)}`)
}
