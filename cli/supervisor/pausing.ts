// Stops a run and lets it go on, from another process than the one that supervises it: by the cgroup that all of its
// leaves are in. The container's init stays awake, so that it still hears when its supervisor is gone.

import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Leaf } from '../cgroup/leaf.ts'
import { LEAVES_FOLDER } from '../cgroup/leaf-names.ts'
import { AcgError } from '../errors.ts'
import { sandboxesFolder } from '../places.ts'
import type { RecordFolder } from '../record/reader.ts'
import type { Run } from '../record/schema.ts'
import { containerName } from '../sandbox/podman-line.ts'
import { notedCgroups, runningRecords } from './leftovers.ts'

const LOOK_EVERY_MS = 5
/** Who sleeps for a page that is reclaimed stops only after it. */
const STANDS_WITHIN_MS = 10_000

/** Whether a run that goes on stands still just now. */
export function isPaused({ run_id }: Run): boolean {
  return leavesOf(run_id)?.isFrozen ?? false
}

/** Returns once all of it stands. Throws AcgError. */
export async function pause(record: RecordFolder): Promise<void> {
  const leaves = leavesToStop(record.run, 'pause')
  leaves.freeze(true)
  const until = performance.now() + STANDS_WITHIN_MS
  while (!leaves.hasFrozen) {
    if (performance.now() > until)
      throw new AcgError({
        what: `run ${record.run.run_id} does not stand still yet`,
        seen: `after ${STANDS_WITHIN_MS / 1000} s something in ${leaves.folder} still runs`,
        hint: `let it go on with \`acg resume ${record.run.run_id}\`, or wait: it stops as soon as it can`,
      })
    await Bun.sleep(LOOK_EVERY_MS)
  }
}

/** Throws AcgError. */
export function resume(record: RecordFolder): void {
  leavesToStop(record.run, 'resume').freeze(false)
}

/** The run that goes on and is meant: by its id, the beginning of it or its folder; unnamed, the only one. Throws AcgError. */
export function findRunning(reference: string | undefined, verb: string): RecordFolder {
  const running = runningRecords().filter(
    ({ run, folder }) =>
      reference === undefined || run.run_id.startsWith(reference) || resolve(reference) === folder,
  )
  const [only] = running
  if (running.length === 1 && only) return only
  const which = reference === undefined ? 'which run' : `which run "${reference}" is,`
  throw new AcgError({
    what: `cannot tell ${which} to ${verb}`,
    seen: running.length === 0 ? 'no such run goes on' : running.map(({ run }) => run.run_id).join(', '),
    hint: running.length === 0 ? 'see `acg runs`' : `name one of them: \`acg ${verb} RUN\``,
  })
}

function leavesToStop(run: Run, verb: string): Leaf {
  const leaves = leavesOf(run.run_id)
  if (leaves) return leaves
  const container = run.container ?? containerName(run.run_id)
  throw new AcgError(
    run.control === 'off'
      ? {
          what: `cannot ${verb} run ${run.run_id}: its calls have no cgroups of their own`,
          seen: 'it was started without --control',
          hint: `start it with \`acg run --control observe\`, or try \`podman ${verb === 'pause' ? 'pause' : 'unpause'} ${container}\``,
        }
      : {
          what: `cannot ${verb} run ${run.run_id}: it has just ended, or has not begun yet`,
          seen: 'no cgroups of its calls',
          hint: 'see `acg runs`',
        },
  )
}

function leavesOf(runId: string): Leaf | null {
  const folder = notedCgroups(join(sandboxesFolder(), runId))
    .map((cgroup) => join(dirname(cgroup), LEAVES_FOLDER))
    .find((folder) => existsSync(folder))
  return folder === undefined ? null : new Leaf(folder)
}
