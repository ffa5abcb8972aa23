// Which error of the kernel a call ends in.

import { SystemError } from '../ffi/mod.ts'

/** Throws if the call throws nothing, or no SystemError. */
export function errnoOf(call: () => unknown): number {
  try {
    call()
  } catch (error) {
    if (error instanceof SystemError) return error.errno
    throw error
  }
  throw new Error('nothing was thrown')
}
