// What a scenario claims about each command it has an agent run: the truth that a record is held against.
// How the truth of one run (its times) is found is left to truth.ts.
import type { Kind } from '../../cli/record/schema.ts'

export type { Kind }

/** How the kernel saw the call's root end. */
export type Ending = { readonly code: number } | { readonly signal: number }

export type Expected = {
  readonly command: string
  readonly ending: Ending
  readonly guessed: Kind
  readonly proven: Kind
  /** A substring of the joined argv of each process that the call leaves running. */
  readonly background?: readonly string[]
  /** The file in the project that holds the printed dates, where the agent does not show the output. */
  readonly times?: string
  /** Prints `ru_maxrss_kib N` of the one process that dominates the call. */
  readonly printsPeak?: boolean
}

export const STAMP = 'date +%s.%N'

/** `command` between two printed dates; it ends as the last `date` does, that is with 0. */
export function stamped(command: string): string {
  return `${STAMP}; ${command}; ${STAMP}`
}

/** `command` between two printed dates, ending with the exit code of `command`. */
export function stampedKeepingCode(command: string): string {
  return `${STAMP}; ${command}; code=$?; ${STAMP}; exit $code`
}
