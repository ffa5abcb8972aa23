// The first line of a script, as the kernel reads it (fs/binfmt_script.c).

import { basename } from 'node:path'

/** As much of a file as the kernel looks at. */
export const SHEBANG_BYTES = 256

/** What runs the script: the path that its first line names, or for `env NAME` the name. null if it is no script. */
export function shebangInterpreter(head: Buffer): string | null {
  const line = /^#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(head.toString('latin1'))
  if (!line?.[1]) return null
  return basename(line[1]) === 'env' ? (line[2] ?? null) : line[1]
}
