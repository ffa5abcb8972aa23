// Shared libraries out of acg's own binary, loaded from memory: nothing of them is left in a folder, and nobody
// can put another one in their place.

import { readFileSync, writeSync } from 'node:fs'
import { createMemoryFile } from './memory.ts'

/**
 * Makes each file one that dlopen() takes, and returns its path. They have to be opened in the order in which they
 * need each other: libc then finds what is needed by its name, among what is open already.
 *
 * The descriptors stay open. libc knows a library by the path that it was opened under, and would take another one
 * with the same number for it.
 */
export function libraryPaths(files: readonly string[]): string[] {
  return files.map((file) => {
    const fd = createMemoryFile(file)
    const bytes = readFileSync(file)
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
    return `/proc/self/fd/${fd}`
  })
}
