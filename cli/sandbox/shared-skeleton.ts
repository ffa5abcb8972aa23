// Skeletons are kept: runs that mount the same places share one, since a container's root is read-only and its
// tree is the same each time. A run with other places has another skeleton, so no agent learns of others' projects.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { skeletonsFolder } from '../places.ts'
import type { Link } from './install-folder.ts'
import { removeTree } from './removal.ts'
import { makeSkeleton, skeletonIngredients } from './skeleton.ts'

const UNUSED_AFTER_MS = 30 * 24 * 3600 * 1000

/** The root file system for containers that mount at `places`, with `links` in it. */
export function sharedSkeleton(places: readonly string[], links: readonly Link[]): string {
  const root = join(skeletonsFolder(), hash([skeletonIngredients(), places, links]))
  const now = new Date()
  if (existsSync(root)) {
    utimesSync(root, now, now)
    return root
  }
  const partial = `${root}.${process.pid}`
  mkdirSync(partial, { recursive: true, mode: 0o755 })
  makeSkeleton(partial)
  for (const { path, target } of links) {
    mkdirSync(join(partial, dirname(path)), { recursive: true })
    symlinkSync(target, join(partial, path))
  }
  try {
    renameSync(partial, root)
  } catch (error) {
    // Another acg was first with the same one.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
    rmSync(partial, { recursive: true })
  }
  removeUnused(now.getTime())
  return root
}

function hash(parts: unknown): string {
  return new Bun.CryptoHasher('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

function removeUnused(nowMs: number): void {
  for (const name of readdirSync(skeletonsFolder())) {
    const folder = join(skeletonsFolder(), name)
    const usedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? nowMs
    if (nowMs - usedMs > UNUSED_AFTER_MS) removeTree(folder)
  }
}
