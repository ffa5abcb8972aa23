// How acg's leaves are called, for who makes them and for who only has to know one when he sees it.

/** What they are in, beside the container's own cgroup. */
export const LEAVES_FOLDER = 'acg'
export const RUNTIME_LEAF = 'runtime'
export const SERVICES_LEAF = 'services'
const CALL_LEAF = 'call-'

export function callLeaf(call: number): string {
  return `${CALL_LEAF}${call}`
}

/** What the path of every call's leaf has in it. */
export const CALL_LEAF_PATH = `/${LEAVES_FOLDER}/${CALL_LEAF}`
