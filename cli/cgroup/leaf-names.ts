// How acg's leaves are called, for who makes them and for who only has to know one when he sees it.

import { readProcessFile } from '../procfs/stat.ts'

export const RUNTIME_LEAF = 'acg-runtime'
export const SERVICES_LEAF = 'acg-services'
const CALL_LEAF = 'acg-call-'

export function callLeaf(call: number): string {
  return `${CALL_LEAF}${call}`
}

/** Whether a call's leaf has the process already: it was forked there. */
export function isInCallLeaf(pid: number): boolean {
  return readProcessFile(pid, 'cgroup')?.includes(`/${CALL_LEAF}`) ?? false
}
