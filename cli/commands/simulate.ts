// acg simulate [RUN…|DIR]: how many such runs fit on a machine.

import { totalmem } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { multiplexing } from '../analysis/multiplexing.ts'
import { type Draft, MODES, type Mode, rowOf } from '../analysis/row.ts'
import { allRuns, type Scope } from '../analysis/scope.ts'
import { parseByteSize } from '../byte-size.ts'
import { AcgError } from '../errors.ts'
import { lossLine } from '../import/losses.ts'
import { measurementLines } from '../report/measurements.ts'
import { ProgressLine } from '../report/progress.ts'
import { readSource } from '../report/source.ts'
import { terminalColumns } from '../report/terminal.ts'
import { packingRows, type Setting } from '../simulate/packing.ts'

interface Options {
  readonly mode: Mode
  readonly memory: number
  readonly seed: number
  readonly repeats: number
  readonly hours: number
  readonly slowdown: number
  readonly json?: boolean
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .summary('how many such runs fit on a machine')
    .argument(
      '[runs...]',
      'runs as `acg show` takes them, or a folder with the study’s data; all records if none',
    )
    .addOption(
      new Option(
        '--mode <MODE>',
        '`paper`: the study’s simulation; `corrected`: real time, on a machine of --memory',
      )
        .choices(MODES)
        .default('corrected' satisfies Mode),
    )
    .addOption(
      new Option('--memory <SIZE>', 'the machine’s memory, such as 64g')
        .argParser(bytes)
        .default(totalmem(), 'this machine’s'),
    )
    .option('--slowdown <PERCENT>', 'how much waiting may add to a run', positive, 5)
    .option('--repeats <N>', 'how often each is drawn anew', count, 10)
    .option('--hours <N>', 'how long each repeat lasts', positive, 1)
    .option('--seed <N>', 'of the random numbers (numpy’s default_rng)', seed, 42)
    .option('--json', 'the rows as JSON')
    .action(simulate)
}

async function simulate(references: string[], options: Options): Promise<void> {
  const { mode } = options
  const { scope, losses } = await readSource(references, mode === 'corrected')
  const drafts = mode === 'paper' ? multiplexing.paper(scope) : packing(scope, options)
  if (drafts.length === 0) {
    throw new AcgError({ what: 'cannot simulate: none of the runs has samples of its memory' })
  }
  const rows = drafts.map((each) => rowOf(each, mode))
  if (options.json) console.log(JSON.stringify(rows, null, 2))
  else
    for (const line of measurementLines([{ title: title(options), rows }], terminalColumns()))
      console.log(line)
  for (const loss of losses) console.error(`acg: lost: ${lossLine(loss)}`)
}

function packing(scope: Scope, { memory, seed, repeats, hours, slowdown }: Options): Draft[] {
  using progress = new ProgressLine('trying numbers of runs')
  const setting: Setting = {
    machineMb: memory / 1e6,
    seed,
    repeats,
    seconds: Math.round(hours * 3600),
    slowdownPercent: slowdown,
  }
  return packingRows(
    allRuns(scope).flatMap(({ seconds }) => seconds?.course ?? []),
    setting,
    progress.update,
  )
}

function title({ mode, memory }: Options): string {
  return mode === 'paper' ? 'The study’s simulation' : `On a machine with ${(memory / 1e9).toFixed(1)} GB`
}

function bytes(text: string): number {
  const size = parseByteSize(text)
  if (size === null || size <= 0)
    throw new InvalidArgumentError('a size is a number with b, k, m, g or t, such as 64g')
  return size
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1e6)) throw new InvalidArgumentError('it is a number above 0')
  return value
}

function count(text: string): number {
  const value = Number(text)
  if (!(Number.isInteger(value) && value > 0 && value <= 10_000))
    throw new InvalidArgumentError('it is a whole number from 1 to 10000')
  return value
}

function seed(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('it is a whole number of 0 or more')
  return value
}
