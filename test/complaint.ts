// What acg refuses with, for tests that look at its words.

import { AcgError } from '../cli/errors.ts'

/** The AcgError that `call` throws; anything else, or nothing, fails the test. */
export function complaint(call: () => unknown): AcgError {
  try {
    call()
  } catch (error) {
    if (error instanceof AcgError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
