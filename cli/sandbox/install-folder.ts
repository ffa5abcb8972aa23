// Which folders of the host a command needs to run, besides /usr: where it is installed.
//
// A program outside /usr is seldom one file: npm's lie in node_modules beside what they import, a version
// manager's in a prefix with its interpreter. Mounted is the smallest folder that holds such an installation,
// never a home folder or a folder of unrelated programs.

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  statSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { AcgError } from '../errors.ts'
import { ExitCode } from '../exit-codes.ts'
import { SHEBANG_BYTES, shebangInterpreter } from '../procfs/shebang.ts'

export interface Installation {
  /** What to execute inside. */
  readonly command: string
  /** Host paths to mount read-only at the same place. */
  readonly paths: readonly string[]
  /** Links to make anew, since what they lie among is not mounted. */
  readonly links: readonly Link[]
}

export interface Link {
  readonly path: string
  readonly target: string
}

interface Host {
  readonly home: string
  readonly path: string
  readonly cwd: string
}

const IN_EVERY_SANDBOX = ['/usr/', '/bin/', '/sbin/', '/lib/', '/lib64/']

/** Throws AcgError with exit code 127 if there is no such command, 126 if it cannot be executed. */
export function findInstallation(command: string, host: Host): Installation {
  const file = findCommand(command, host)
  const paths = new Set<string>()
  const links = new Map<string, string>()
  collect(file, host, paths, links)
  return { command: file, paths: [...paths], links: [...links].map(([path, target]) => ({ path, target })) }
}

function collect(file: string, host: Host, paths: Set<string>, links: Map<string, string>): void {
  let place = file
  for (let target = linkTarget(place); target !== null; target = linkTarget(place)) {
    if (!isInEverySandbox(place)) {
      const folder = installFolder(place, host.home)
      if (folder) paths.add(folder)
      else links.set(place, target)
    }
    place = join(dirname(place), isAbsolute(target) ? relative(dirname(place), target) : target)
  }
  if (!isInEverySandbox(place)) paths.add(installFolder(place, host.home) ?? place)

  const interpreter = shebangCommand(place)
  if (interpreter && !isInEverySandbox(interpreter)) {
    const found = isAbsolute(interpreter) ? existing(interpreter, file) : searchPath(interpreter, host.path)
    if (found && !isInEverySandbox(found)) collect(found, host, paths, links)
  }
}

function existing(interpreter: string, script: string): string {
  if (existsSync(interpreter)) return interpreter
  throw new AcgError({
    what: `cannot run "${script}": its interpreter is missing`,
    seen: `no file ${interpreter}`,
    hint: 'install it, or name another after `--`, before the script',
    exitCode: ExitCode.NOT_FOUND,
  })
}

function linkTarget(path: string): string | null {
  return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null
}

function isInEverySandbox(path: string): boolean {
  return IN_EVERY_SANDBOX.some((folder) => path.startsWith(folder))
}

/** The smallest folder that holds the installation `path` is part of; null if it stands alone. */
export function installFolder(path: string, home: string): string | null {
  const parts = path.split(sep)
  const modules = parts.indexOf('node_modules')
  if (modules > 0) return parts.slice(0, modules + 1).join(sep)
  const folder = dirname(path)
  if (isShared(folder, home)) return null
  const prefix = basename(folder) === 'bin' ? dirname(folder) : folder
  return isShared(prefix, home) ? folder : prefix
}

/** Folders that hold more than one installation. */
function isShared(folder: string, home: string): boolean {
  const shared = [
    '/',
    '/opt',
    '/tmp',
    '/srv',
    '/root',
    '/home',
    home,
    join(home, 'bin'),
    join(home, '.local'),
  ]
  return (
    shared.includes(folder) || folder === join(home, '.local/bin') || folder === join(home, '.local/share')
  )
}

function findCommand(command: string, host: Host): string {
  const file = command.includes('/')
    ? isAbsolute(command)
      ? command
      : join(host.cwd, command)
    : searchPath(command, host.path)
  if (file === null || !existsSync(file)) {
    throw new AcgError({
      what: `cannot run "${command}": there is no such command`,
      seen: command.includes('/') ? `no file ${file}` : `it is in none of the folders of PATH: ${host.path}`,
      hint: 'install it, or give its path after `--`',
      exitCode: ExitCode.NOT_FOUND,
    })
  }
  if (!isExecutableFile(file)) {
    throw new AcgError({
      what: `cannot run "${command}": ${file} is not an executable file`,
      hint: `chmod +x ${file}, or name its interpreter after \`--\``,
      exitCode: ExitCode.CANNOT_RUN,
    })
  }
  return file
}

function searchPath(name: string, path: string): string | null {
  for (const folder of path.split(':')) {
    if (isAbsolute(folder) && isExecutableFile(join(folder, name))) return join(folder, name)
  }
  return null
}

/** A folder of PATH may be one that this user cannot look into. */
function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function shebangCommand(file: string): string | null {
  const head = Buffer.alloc(SHEBANG_BYTES)
  const fd = openSync(file, 'r')
  const length = readSync(fd, head, 0, head.length, 0)
  closeSync(fd)
  return shebangInterpreter(head.subarray(0, length))
}
