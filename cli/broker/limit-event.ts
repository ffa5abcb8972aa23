// A decision about a call's memory, as the record has it.

import type { LimitFacts } from '../policy/action.ts'
import type { LimitEvent } from '../record/schema.ts'

type Decision = Pick<LimitEvent, 'call' | 'action' | 'by' | 'done' | 'told'>

export function limitEvent(
  decision: Decision,
  timeMs: number,
  limitBytes: number | null,
  why: Partial<LimitFacts> = {},
): LimitEvent {
  return {
    event: 'limit',
    time_ms: timeMs,
    ...decision,
    limit_bytes: limitBytes,
    peak_bytes: whole(why.peakBytes),
    granted_bytes: whole(why.grantedBytes),
    budget_bytes: whole(why.budgetBytes),
    room_bytes: whole(why.roomBytes),
    others_bytes: whole(why.othersBytes),
    elsewhere_bytes: whole(why.elsewhereBytes),
    held_ms: why.heldMs ?? null,
    stalled_ms: why.stalledMs ?? null,
  }
}

function whole(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes)
}
