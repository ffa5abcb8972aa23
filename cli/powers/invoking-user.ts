// Under sudo, acg is whoever called sudo: containers and records are that user's, not root's.

import { existsSync } from 'node:fs'
import { execve, SystemError } from '../../ffi/mod.ts'
import { AcgError } from '../errors.ts'
import { ownCommand } from '../own-program.ts'
import { findProgram } from './host.ts'

/** Replaces this process by the same command as the user who called sudo. Returns if nobody did. */
export function becomeInvokingUser(args: readonly string[]): void {
  const { SUDO_UID: uid, SUDO_GID: gid } = process.env
  if (process.getuid?.() !== 0 || uid === undefined || gid === undefined || uid === '0') return
  const account = Bun.spawnSync(['getent', 'passwd', uid]).stdout.toString().trim().split(':')
  const [name, home, shell] = [account[0], account[5], account[6]]
  const setpriv = findProgram('setpriv')
  if (!name || !home || !setpriv) {
    throw new AcgError({
      what: `cannot run as the user who called sudo (uid ${uid})`,
      seen: setpriv ? 'that uid has no account' : 'no `setpriv` in PATH',
      hint: setpriv ? 'run acg without sudo' : 'install util-linux, or run acg without sudo',
    })
  }
  const { SUDO_COMMAND: _, SUDO_USER: __, SUDO_UID: ___, SUDO_GID: ____, ...kept } = process.env
  const runtime = `/run/user/${uid}`
  const environment = {
    ...(kept as Record<string, string>),
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: shell || '/bin/sh',
    ...(existsSync(runtime)
      ? { XDG_RUNTIME_DIR: runtime, DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtime}/bus` }
      : {}),
  }
  const command = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--init-groups',
    '--',
    ...ownCommand(),
    ...args,
  ]
  try {
    execve(setpriv, command, environment)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AcgError({ what: `cannot run ${setpriv}`, seen: error.message, hint: 'run acg without sudo' })
  }
}
