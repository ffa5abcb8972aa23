// Whose the keyboard is. Podman reads it from a session of its own, where no job control stops it: so that is observed
// before, here.

import { awaitForeground } from '../../ffi/mod.ts'

/** What Podman gets as its stdin. */
export type Keyboard = 'inherit' | 'ignore'

/**
 * Stops acg while it is in the background of the terminal that it would read, until the shell brings it to the
 * foreground. Where none will, the keyboard is somebody else's for good, and nobody types for this run.
 */
export function awaitKeyboard(): Keyboard {
  return awaitForeground(0) ? 'inherit' : 'ignore'
}
