// Signal names by number.

import { constants } from 'node:os'

/** `SIGTERM`, or `signal 40` where there is no name. */
export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
}
