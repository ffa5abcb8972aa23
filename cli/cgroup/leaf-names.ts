// How acg's leaves are called, for who makes them and for who only has to know one when he sees it.

import { readProcessFile } from '../procfs/stat.ts'

/** What they are in, beside the container's own cgroup. */
export const LEAVES_FOLDER = 'acg'
export const RUNTIME_LEAF = 'runtime'
export const SERVICES_LEAF = 'services'
const CALL_LEAF = 'call-'

export function callLeaf(call: number): string {
  return `${CALL_LEAF}${call}`
}

/** Whether a call's leaf has the process already: it was forked there. */
export function isInCallLeaf(pid: number): boolean {
  return readProcessFile(pid, 'cgroup')?.includes(`/${LEAVES_FOLDER}/${CALL_LEAF}`) ?? false
}
