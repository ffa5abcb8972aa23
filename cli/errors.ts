// What acg says when it cannot do what was asked: the object, what was seen, and what to type next. A bug is
// no AcgError: it keeps its stack trace.

import { ExitCode } from './exit-codes.ts'

export interface Complaint {
  /** The object and what cannot be done with it. */
  readonly what: string
  readonly seen?: string
  /** What the user can type or change. */
  readonly hint?: string
  readonly exitCode?: number
}

export class AcgError extends Error {
  readonly seen: string | undefined
  readonly hint: string | undefined
  readonly exitCode: number

  constructor(complaint: Complaint) {
    super(complaint.what)
    this.name = 'AcgError'
    this.seen = complaint.seen
    this.hint = complaint.hint
    this.exitCode = complaint.exitCode ?? ExitCode.ACG
  }

  /** The lines for a terminal. */
  override toString(): string {
    const lines = [`acg: ${this.message}`]
    if (this.seen) lines.push(`  seen: ${this.seen}`)
    if (this.hint) lines.push(`  hint: ${this.hint}`)
    return lines.join('\n')
  }
}
