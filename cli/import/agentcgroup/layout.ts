// Where things are in the published data of the AgentCgroup study (arXiv 2602.09345): sets, in them tasks, in them
// attempts. Nothing here knows a task by name.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

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
export function taskFolders(root: string): TaskFolder[] {
  return SETS.flatMap((set) =>
    subfolders(join(root, set.folder)).flatMap((task) => {
      const folder = `${set.folder}/${task}`
      const attempts = subfolders(join(root, folder)).filter((name) => name.startsWith('attempt_'))
      return attempts.length > 0 ? [{ set: set.key, task, folder, attempts }] : []
    }),
  )
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory())
    .sort()
}
