#!/usr/bin/env bun
// Parses the command line, dispatches, and is the only place that turns an error into an exit code.

import { Command, CommanderError } from 'commander'
import { runCommand } from './commands/run.ts'
import { AcgError } from './errors.ts'
import { ExitCode } from './exit-codes.ts'
import { becomeInvokingUser } from './powers/invoking-user.ts'
import { VERSION } from './version.ts'

/**
 * A command is loaded when it is named: what a run does not need, it does not wait for. `run` itself is in main's own
 * file of the binary: each more that is loaded costs a start as much as reading a hundred lines.
 */
const COMMANDS: Readonly<Record<string, () => Command | Promise<Command>>> = {
  run: runCommand,
  runs: async () => (await import('./commands/runs.ts')).runsCommand(),
  pause: async () => (await import('./commands/pause.ts')).pauseCommand(),
  resume: async () => (await import('./commands/pause.ts')).resumeCommand(),
  show: async () => (await import('./commands/show.ts')).showCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  import: async () => (await import('./commands/import.ts')).importCommand(),
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  daemon: async () => (await import('./commands/daemon.ts')).daemonCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
}

/** What acg runs inside containers; not for people. */
const HIDDEN_COMMANDS: typeof COMMANDS = {
  'demo-agent': async () => (await import('./commands/demo.ts')).demoAgentCommand(),
}

async function program(args: readonly string[]): Promise<Command> {
  const acg = new Command('acg')
    .description('Runs an AI coding agent in a rootless Podman container and sees every tool call.')
    .version(VERSION)
    .enablePositionalOptions()
    .showHelpAfterError('  hint: see `acg --help`, or `acg COMMAND --help`')
    .exitOverride()
  const named = COMMANDS[args[0] ?? ''] ?? HIDDEN_COMMANDS[args[0] ?? '']
  for (const load of named ? [named] : Object.values(COMMANDS)) {
    acg.addCommand((await load()).copyInheritedSettings(acg))
  }
  return acg
}

/** What nothing waits for, such as a timer's work, fails here: as a bug, with its stack. */
process.on('uncaughtException', (error) => {
  console.error(error)
  process.exit(ExitCode.BUG)
})

try {
  const args = process.argv.slice(2)
  becomeInvokingUser(args)
  await (await program(args)).parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has printed it. Its own code for a wrong command line is 1; ours must not look like the agent's.
    process.exitCode = error.exitCode === 0 ? ExitCode.OK : ExitCode.ACG
  } else if (error instanceof AcgError) {
    console.error(error.toString())
    process.exitCode = error.exitCode
  } else {
    console.error(error)
    process.exitCode = ExitCode.BUG
  }
}

// Nothing is left to wait for: what still holds the event loop is only on its way out.
process.exit()
