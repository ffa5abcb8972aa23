#!/usr/bin/env bun
// Parses the command line, dispatches, and is the only place that turns an error into an exit code.

import { Command, CommanderError } from 'commander'
import { demoAgentCommand, demoCommand } from './commands/demo.ts'
import { doctorCommand } from './commands/doctor.ts'
import { runCommand } from './commands/run.ts'
import { runsCommand } from './commands/runs.ts'
import { showCommand } from './commands/show.ts'
import { AcgError } from './errors.ts'
import { ExitCode } from './exit-codes.ts'
import { becomeInvokingUser } from './powers/invoking-user.ts'
import { VERSION } from './version.ts'

function program(): Command {
  const acg = new Command('acg')
    .description('Runs an AI coding agent in a rootless Podman container and sees every tool call.')
    .version(VERSION)
    .enablePositionalOptions()
    .showHelpAfterError('  hint: see `acg --help`, or `acg COMMAND --help`')
    .exitOverride()
  for (const command of [runCommand(), runsCommand(), showCommand(), doctorCommand(), demoCommand()]) {
    acg.addCommand(command.copyInheritedSettings(acg))
  }
  acg.addCommand(demoAgentCommand(), { hidden: true })
  return acg
}

try {
  becomeInvokingUser(process.argv.slice(2))
  await program().parseAsync(process.argv)
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
