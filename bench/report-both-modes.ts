// The process that bench/report.ts measures: reads a data set and prints every row of both modes.

import { reportRows } from '../cli/analysis/report.ts'
import { MODES } from '../cli/analysis/row.ts'
import { readDataSet } from '../cli/import/agentcgroup/reading.ts'
import { publishedScope } from '../cli/import/agentcgroup/scope.ts'

const scope = publishedScope(await readDataSet(process.argv[2] as string, () => {}))
console.log(JSON.stringify(MODES.flatMap((mode) => reportRows(scope, mode))))
