// What a run leaves behind: what is kept of it, and what is removed, at its own end or, if its supervisor was
// killed, at acg's next start.

import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentProfile } from '../calls/agents/profile.ts'
import { ownCgroups, removeCgroups } from '../cgroup/abandoned.ts'
import { sandboxesFolder } from '../places.ts'
import { isAlive, ownProcess } from '../procfs/stat.ts'
import { openRecord, type RecordFolder } from '../record/reader.ts'
import { writeWhole } from '../record/writer.ts'
import { removeSecrets } from '../sandbox/agent-config.ts'
import { removeTree } from '../sandbox/removal.ts'
import type { ProcessId } from '../watch/process-event.ts'
import { removeContainer } from './podman.ts'

const OWNER_FILE = 'owner.json'
const CGROUPS_FILE = 'cgroups.json'
const CLAIMED_WITHIN_MS = 10_000

/** Who lives in a sandbox folder. */
interface Owner {
  readonly supervisor: ProcessId
  readonly record: string
}

/** Says whose the folder is, so that another acg can tell whether it is still in use: it may look at this moment. */
export function claimSandbox(folder: string, record: string): void {
  const owner: Owner = { supervisor: ownProcess(), record }
  writeWhole(join(folder, OWNER_FILE), owner)
}

/** Notes which cgroups are the container's, since that cannot be asked once its processes are gone. */
export function noteCgroups(folder: string, initPid: number): void {
  writeWhole(join(folder, CGROUPS_FILE), ownCgroups(initPid))
}

/** Those; none before they are noted, and after the run. */
export function notedCgroups(folder: string): string[] {
  const noted = join(folder, CGROUPS_FILE)
  return existsSync(noted) ? (JSON.parse(readFileSync(noted, 'utf8')) as string[]) : []
}

/** Removes a container that did not end by itself, and what Podman forgets of it. Returns what could not be. */
export async function removeDeadContainer(
  podman: string,
  runId: string,
  folder: string,
): Promise<string | null> {
  const complaint = await removeContainer(podman, runId)
  removeCgroups(notedCgroups(folder))
  return complaint
}

/** Moves the agent's own folder, with its transcripts, into the record; the user's secrets do not go along. */
export function keepAgentFolder(profile: AgentProfile, folder: string | null, recordFolder: string): void {
  if (folder === null || !existsSync(folder)) return
  removeSecrets(profile, folder)
  cpSync(folder, join(recordFolder, 'agent'), { recursive: true, preserveTimestamps: true })
}

/** Removes what a run's folder holds, less what another acg goes by if this one is killed before the folder goes. */
export function emptySandbox(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (name !== OWNER_FILE && name !== CGROUPS_FILE) removeTree(join(folder, name))
}

/** Clears up after runs whose supervisor was killed, and gives their records a result. Returns their folders. */
export async function clearDeadRuns(podman: string): Promise<string[]> {
  const root = sandboxesFolder()
  if (!existsSync(root)) return []
  const cleared: string[] = []
  for (const name of readdirSync(root)) {
    const folder = join(root, name)
    const owner = readOwner(folder)
    if (owner ? isAlive(owner.supervisor) : isNewOrGone(folder)) continue
    if (owner) {
      const complaint = await removeDeadContainer(podman, name, folder)
      // Its folder is the only trace of it: it stays until the container is gone.
      if (complaint) continue
      await closeRecord(owner.record)
    }
    removeTree(folder)
    cleared.push(folder)
  }
  return cleared
}

/** The records of the runs whose supervisor lives, wherever they are kept. */
export function runningRecords(): RecordFolder[] {
  const root = sandboxesFolder()
  return (existsSync(root) ? readdirSync(root) : []).flatMap((name) => {
    const owner = readOwner(join(root, name))
    const isRunning =
      owner !== null && isAlive(owner.supervisor) && existsSync(join(owner.record, 'run.json'))
    return isRunning ? [openRecord(owner.record)] : []
  })
}

/** Between making a folder and claiming it lies a moment; and its own run may have removed it since it was listed. */
function isNewOrGone(folder: string): boolean {
  const made = statSync(folder, { throwIfNoEntry: false })
  return made === undefined || Date.now() - made.mtimeMs < CLAIMED_WITHIN_MS
}

/** null if it was killed before it could say whose it is, and once its own run has removed it. */
function readOwner(folder: string): Owner | null {
  try {
    return JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8')) as Owner
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function closeRecord(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'run.json'))) return
  const record = openRecord(folder)
  if (record.result) return
  const { recoverResult } = await import('../record/recover.ts')
  writeWhole(join(folder, 'result.json'), recoverResult(record, 'acg, which supervised the run, was killed'))
}
