// One file a question of the study: each reduces a run to what the question needs, and makes rows from those.

import type { Draft, Mode } from './row.ts'
import type { Scope } from './scope.ts'

/** The rows of one question, by mode. */
export type Question = Readonly<Record<Mode, (scope: Scope) => Draft[]>>
