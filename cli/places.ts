// Where acg keeps things, by the XDG base directory specification.

import { homedir, hostname } from 'node:os'
import { join } from 'node:path'

function base(variable: string, fallback: string): string {
  const set = process.env[variable]
  return set?.startsWith('/') ? set : join(homedir(), fallback)
}

/** Records, one folder a run. */
export function runsFolder(): string {
  return join(base('XDG_STATE_HOME', '.local/state'), 'acg', 'runs')
}

/** What a run needs while it lives, one folder a run; nothing of it outlives the run. */
export function sandboxesFolder(): string {
  return join(base('XDG_CACHE_HOME', '.cache'), 'acg', 'sandboxes')
}

/** Root file systems that runs share. */
export function skeletonsFolder(): string {
  return join(base('XDG_CACHE_HOME', '.cache'), 'acg', 'skeletons')
}

/** acg's own small program, taken out of the binary, by content. */
export function programsFolder(): string {
  return join(base('XDG_CACHE_HOME', '.cache'), 'acg', 'programs')
}

/** Where acg's daemon listens. */
export function daemonSocket(): string {
  return process.env.ACG_DAEMON_SOCKET ?? '/run/acg/daemon.sock'
}

/** Where the runs of a user on this machine find each other, which share a pool. */
export function poolFolder(): string {
  return join(base('XDG_CACHE_HOME', '.cache'), 'acg', 'pool', hostname())
}

/** The user's settings. */
export function configurationFile(): string {
  return join(base('XDG_CONFIG_HOME', '.config'), 'acg', 'config.toml')
}

/** Projects of demos that run. */
export function demosFolder(): string {
  return join(base('XDG_CACHE_HOME', '.cache'), 'acg', 'demos')
}
