// What the next call will be granted if it comes alone, worked out before it comes, so that its exec is not held for the
// policy's step.

import type { Leaf } from '../cgroup/leaf.ts'
import type { Settings } from '../policy/settings.ts'
import { FIRST_STATE, step } from '../policy/step.ts'
import type { RunRoom } from './run-room.ts'
import { Tenant } from './tenant.ts'

/**
 * Gives it to the leaf that the call will have; false where that is not worth while: what is short now may be less so
 * when the call comes, and a higher limit does not wake who sleeps. Throws the file system's error.
 */
export function grantAhead(leaf: Leaf, room: RunRoom, settings: Settings, nowMs: number): boolean {
  const tenant = new Tenant({ call: 0, leaf, pid: 0, guessedKind: 'other', hintBytes: null }, '', nowMs, true)
  const call = tenant.observe()
  if (call === null) return false
  const { hasSwap } = room
  const observation = { nowMs, ...room.of(room.agentBytes(0), null), hasSwap, calls: [call] }
  const admitted = step(settings, FIRST_STATE, observation).actions.find((each) => each.action === 'admit')
  if (!admitted || admitted.grantedBytes < settings.headroomBytes) return false
  tenant.grant(admitted.grantedBytes)
  return true
}
