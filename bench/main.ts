// bun run bench [NAME[.PART]…] [--json] [--pairs N]: measures, prints, and writes docs/benchmarks.md.

import { join } from 'node:path'
import { Command } from 'commander'
import { thisMachine } from './benchmark.ts'
import { domains } from './domains.ts'
import { kills } from './kills.ts'
import { latency } from './latency.ts'
import type { Figure } from './pairs.ts'
import { policy } from './policy.ts'
import { report } from './report.ts'
import { seccomp } from './seccomp.ts'
import { start } from './start.ts'
import { watch } from './watch.ts'
import { writeFigures } from './write.ts'

const BENCHMARKS = [start, seccomp, watch, latency, kills, report, policy, domains]
const DEFAULT_PAIRS = 30

const command = new Command('bench')
  .argument('[names...]', `which: ${BENCHMARKS.map(({ name }) => name).join(', ')}`)
  .option('--json', 'print the figures as JSON')
  .option('--pairs <N>', 'pairs of runs', Number, DEFAULT_PAIRS)
  .option('--no-write', 'leave docs/benchmarks.md as it is')
  .parse()

const { json, pairs, write } = command.opts<{ json?: boolean; pairs: number; write: boolean }>()
const asked = command.args.map((name) => name.split('.') as [name: string, part?: string])
const unknown = asked
  .map(([name]) => name)
  .filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name))
if (unknown.length > 0) command.error(`there is no benchmark "${unknown.join('", "')}"`)

const chosen = BENCHMARKS.filter(({ name }) => asked.length === 0 || asked.some(([one]) => one === name))
const figures: Figure[] = []
for (const { name, about, run } of chosen) {
  const progress = (done: number, of: number) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${name}: ${about}: ${done} of ${of}${done === of ? '\n' : ''}`)
  }
  const parts = asked.filter(([one]) => one === name).map(([, part]) => part)
  const wants = (part: string) => parts.length === 0 || parts.includes(undefined) || parts.includes(part)
  const measured = await run({ pairs, where: thisMachine(), wants, progress })
  if (measured.length === 0) command.error(`${name} has no part "${parts.join('", "')}"`)
  figures.push(...measured)
}
if (json) console.log(JSON.stringify(figures, null, 2))
else
  for (const { what, ratio, upper, value, control, unit, n, p99 } of figures) {
    const against =
      control === null
        ? ''
        : ` against ${control.toFixed(1)} ${unit}: ratio ${ratio?.toFixed(3)}${upper === null ? '' : ` (at most ${upper.toFixed(3)})`}`
    console.log(`${what}\n    ${value.toFixed(1)} ${unit}${against} (p99 ${p99.toFixed(1)}, n = ${n})`)
  }
if (write) writeFigures(join(import.meta.dir, '..', 'docs'), figures)
