// The AgentCgroup study's data, where ACG_AGENTCGROUP_DATA names a folder that holds it: the archive (*.tar.zst) or the
// unpacked data set, and the known values (metrics*.json). It is no part of this project, so that tests of it skip.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDataSet } from '../cli/import/agentcgroup/layout.ts'

export const STUDY_FOLDER = process.env.ACG_AGENTCGROUP_DATA

/** The data set; where only the archive is there, unpacked until the scope ends. */
export class StudyData {
  readonly root: string
  readonly #unpacked: string | null

  constructor(folder: string) {
    const here = dataSetIn(folder)
    const archive = readdirSync(folder).find((name) => name.endsWith('.tar.zst'))
    this.#unpacked = here === null && archive !== undefined ? unpack(join(folder, archive)) : null
    const root = here ?? (this.#unpacked && dataSetIn(this.#unpacked))
    if (root === null) throw new Error(`there is no data set in ${folder}`)
    this.root = root
  }

  [Symbol.dispose](): void {
    if (this.#unpacked !== null) rmSync(this.#unpacked, { recursive: true, force: true })
  }
}

function dataSetIn(folder: string): string | null {
  if (isDataSet(folder)) return folder
  return (
    readdirSync(folder)
      .map((name) => join(folder, name))
      .find(isDataSet) ?? null
  )
}

function unpack(archive: string): string {
  const into = mkdtempSync(join(tmpdir(), 'acg-data-'))
  const { success } = Bun.spawnSync(['tar', '--zstd', '-xf', archive, '-C', into], { stderr: 'inherit' })
  if (!success) throw new Error(`cannot unpack ${archive}`)
  return into
}
