// The files of `acg report --html` and `--svg`.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sectionRows } from '../../analysis/report.ts'
import type { Mode } from '../../analysis/row.ts'
import { AcgError } from '../../errors.ts'
import { resultOf } from '../../record/recover.ts'
import type { OneRun, ReportSource } from '../source.ts'
import { readUnseen } from '../unseen.ts'
import { chartStyle, lightColor } from './chart/colors.ts'
import { standalone } from './document.ts'
import { figuresOf } from './figures/all.ts'
import { type Figure, measured } from './figures/figure.ts'
import { reportPage } from './report-page.ts'
import { type RunPageInput, runCharts, runPage } from './run-page.ts'

export interface PageFiles {
  readonly html?: string | undefined
  /** The folder of the charts. */
  readonly svg?: string | undefined
}

/** Of one record, its own page; of more, their report. */
export function writeFiles(source: ReportSource, mode: Mode, files: PageFiles): void {
  if (source.only === null) writeReportPage(source, mode, files)
  else writeRunPage(source.only, files)
}

function writeReportPage({ scope, losses }: ReportSource, mode: Mode, { html, svg }: PageFiles): void {
  const from = measured(scope, mode, sectionRows(scope, mode), sectionRows(scope, 'paper'))
  const figures = figuresOf(from)
  if (html !== undefined) writePage(html, reportPage(from, figures, losses))
  if (svg !== undefined) writeCharts(figures, svg)
}

function writeRunPage({ record, run }: OneRun, { html, svg }: PageFiles): void {
  const input: RunPageInput = {
    run: record.run,
    result: resultOf(record),
    unseen: readUnseen(record),
    samples: run.samples,
  }
  if (html !== undefined) writePage(html, runPage(input))
  if (svg !== undefined) writeCharts([{ charts: runCharts(input) }], svg)
}

function writePage(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (error) {
    const { code, path = file } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new AcgError({
      what: `cannot write "${file}"`,
      seen: `${path}: ${code}`,
      hint: 'name a file in a folder that you can write to',
    })
  }
}

function writeCharts(figures: readonly Pick<Figure, 'charts'>[], folder: string): void {
  const style = chartStyle(lightColor)
  for (const chart of figures.flatMap(({ charts }) => charts)) {
    writePage(join(folder, `${chart.name}.svg`), standalone(chart, style))
  }
}
