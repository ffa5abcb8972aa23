// acg doctor: what this machine lacks, and the command that mends it.

import { Command } from 'commander'
import { ExitCode } from '../exit-codes.ts'
import { examine, type Health, powers } from '../powers/checks.ts'

const MARKS: Readonly<Record<Health, string>> = { ok: 'ok   ', lacks: 'lacks', fails: 'FAILS' }

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('tell what this machine lacks, and what mends it')
    .option('--json', 'as JSON')
    .action(examineAndTell)
}

function examineAndTell({ json }: { json?: boolean }): void {
  const findings = examine()
  const has = powers(findings)
  const fails = findings.some(({ health }) => health === 'fails')
  process.exitCode = fails ? ExitCode.ACG : ExitCode.OK
  if (json) {
    console.log(JSON.stringify({ powers: has, findings }, null, 2))
    return
  }
  const widest = Math.max(...findings.map(({ check }) => check.length))
  for (const { check, health, seen, mend } of findings) {
    console.log(`${MARKS[health]}  ${check.padEnd(widest)}  ${seen}`)
    if (mend) console.log(`${' '.repeat(widest + 9)}→ ${mend}`)
  }
  console.log(`\nwatch ${has.watch} · memory ${has.memory} · cpu ${has.cpu}`)
  if (fails) console.log('Runs are not possible yet.')
}
