// What a run asks for where nobody says otherwise.

import { statSync } from 'node:fs'
import type { Pace } from './pace.ts'
import type { Reader } from './watched-run.ts'

/** Room for some thousand execs, or twenty thousand forks. */
export const DEFAULT_RING_BYTES = 4 << 20
/** The agent (1), what it executes (2), and that again where the agent has a launcher or keeps a shell (3). */
const DEFAULT_WAKE_DEPTH = 3

/** This process, told at that pace. */
export function ownReader({ rideAlongMs }: Pace): Reader {
  return { pidNamespace: statSync('/proc/self/ns/pid').ino, wakeDepth: DEFAULT_WAKE_DEPTH, rideAlongMs }
}
