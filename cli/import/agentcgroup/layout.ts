// Where things are in the published data of the AgentCgroup study (arXiv 2602.09345): sets, in them tasks, in them
// attempts. Nothing here knows a task by name.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LossLog } from '../losses.ts'

/** The three sets: two of the study itself, and the pilot before it, which another machine ran. */
export const SETS = [
  { key: 'haiku', folder: 'all_images_haiku', isPilot: false },
  { key: 'glm', folder: 'all_images_local', isPilot: false },
  { key: 'eighteen', folder: 'batch_swebench_18tasks', isPilot: true },
] as const

export type SetKey = (typeof SETS)[number]['key']

export interface TaskFolder {
  readonly set: SetKey
  readonly task: string
  /** Relative to the data set's folder. */
  readonly folder: string
  /** In lexical order; the last one is the run. */
  readonly attempts: readonly string[]
}

export function isDataSet(folder: string): boolean {
  return SETS.some((set) => existsSync(join(folder, set.folder)))
}

/** Every task that has an attempt, the sets in order, in each the tasks by name. */
export function taskFolders(root: string, losses: LossLog): TaskFolder[] {
  return SETS.flatMap((set) =>
    subfolders(root, set.folder, losses).flatMap((task) => {
      const folder = `${set.folder}/${task}`
      const attempts = subfolders(root, folder, losses).filter((name) => name.startsWith('attempt_'))
      return attempts.length > 0 ? [{ set: set.key, task, folder, attempts }] : []
    }),
  )
}

/** By name. What cannot be looked at is a loss. */
function subfolders(root: string, folder: string, losses: LossLog): string[] {
  const look = <Value>(path: string, at: (path: string) => Value): Value | null => {
    try {
      return at(join(root, path))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === undefined) throw error
      losses.note(path, null, `cannot be read (${code})`)
      return null
    }
  }
  if (!existsSync(join(root, folder))) return []
  const names = look(folder, (path) => readdirSync(path)) ?? []
  return names.filter((name) => look(`${folder}/${name}`, (path) => statSync(path))?.isDirectory()).sort()
}
